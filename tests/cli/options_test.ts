import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "../../src/cli/options.ts";

const options = {
  json: { type: "boolean" },
  serial: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

function read(...parameters: string[]) {
  return { ...readOptions(parameters, options) };
}

test("options are read in each form", () => {
  assert.deepEqual(read(), {});
  assert.deepEqual(read("--json", "--serial", "1", "-h"), { json: true, serial: "1", help: true });
  assert.deepEqual(read("--serial=a=b"), { serial: "a=b" });
  assert.deepEqual(read("--serial="), { serial: "" });
  assert.deepEqual(read("--serial", "-1"), { serial: "-1" });
  assert.deepEqual(read("--serial", "1", "--serial", "2"), { serial: "2" }, "the last one counts");
});

test("an unknown option is told with the near miss", () => {
  const refused = (parameter: string) => {
    let message = "";
    assert.throws(() => read(parameter), (error) => error instanceof TypeError && (message = error.message) !== "");
    return message;
  };
  assert.equal(refused("--jsno"), "unknown option --jsno; did you mean --json?");
  assert.equal(refused("--seral=1"), "unknown option --seral; did you mean --serial?");
  assert.equal(refused("--zzz"), "unknown option --zzz");
  assert.equal(refused("-x"), "unknown option -x");
  assert.equal(refused("--toString"), "unknown option --toString");
  assert.equal(refused("--constructor"), "unknown option --constructor");
});

test("a value that is missing or too much is refused, and so are other words", () => {
  assert.throws(() => read("--serial"), /^TypeError: --serial needs a value$/);
  assert.throws(() => read("--serial", "--json"), /^TypeError: --serial needs a value$/);
  assert.throws(() => read("--json=yes"), /^TypeError: --json takes no value$/);
  assert.throws(() => read("word"), /^TypeError: unexpected "word"$/);
  assert.throws(() => read("--", "--json"), /^TypeError: unexpected "--json"$/);
});
