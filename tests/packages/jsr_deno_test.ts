/** The package of JSR as its users meet it, from a JSR and a registry of npm on this machine. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assertEvents, firstScript, readmeCommand } from "./first_script.ts";
import { jsrForTests, skip, workbenchForTests } from "./open_for_tests.ts";
import type { User } from "./workbench.ts";

const name = "@neuromorphic/drivers";
const bench = workbenchForTests();
const jsr = jsrForTests();

/** A user with the README's first script, which imports the library by a name. */
function userWithScript(imported: string): { user: User; run: (command: string) => Promise<string> } {
  const user = bench().user("deno");
  user.write("first.ts", firstScript(imported));
  return { user, run: (command) => user.run(command, { JSR_URL: jsr().url }) };
}

test("a script with a jsr: import, with permission to call native libraries and nothing before", { skip }, async () => {
  const { user, run } = userWithScript(`jsr:${name}`);
  // Deno writes down what needed permission: static imports have it, and for all but ffi it would ask the user.
  const audited = `DENO_AUDIT_PERMISSIONS="$HOME/audit.jsonl" ${readmeCommand("deno run --allow-ffi first.ts")}`;
  assertEvents(await run(audited));
  const audit = readFileSync(join(dirname(user.folder), "audit.jsonl"), "utf8").trim().split("\n");
  assert.deepEqual([...new Set(audit.map((line) => JSON.parse(line).permission))], ["import", "ffi"]);
  await run("deno check first.ts");
});

test("deno add jsr:, then without a network and with the lock file as it is", { skip }, async () => {
  const { run } = userWithScript(name);
  await run(readmeCommand("deno add jsr:@neuromorphic/drivers"));
  await run("deno install --entrypoint first.ts");
  assertEvents(await run("deno run --no-prompt --allow-ffi --cached-only --frozen first.ts"));
});

test("permission for the two libraries by their paths, as the error message gives it", { skip }, async () => {
  const { user, run } = userWithScript(`jsr:${name}`);
  const { exitStatus, output } = await user.try(["deno", "run", "--no-prompt", "first.ts"], { JSR_URL: jsr().url });
  assert.notEqual(exitStatus, 0);
  assert.match(output, /NeuromorphicError: the native library could not be loaded/);
  const [, flag] = /for the virtual camera with ("--allow-ffi=[^"]*")/.exec(output) ?? [];
  assert.ok(flag !== undefined, output);
  assertEvents(await run(`deno run --no-prompt ${flag} first.ts`));
});
