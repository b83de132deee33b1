import assert from "node:assert/strict";
import { test } from "node:test";
import { demoHelp, parseDemoOptions } from "../../src/cli/demo_options.ts";

const defaults = {
  seconds: undefined,
  serial: undefined,
  virtual: false,
  recording: undefined,
  bytesPerSecond: undefined,
  picture: true,
};

test("without arguments the demo runs until Ctrl-C and draws", () => {
  assert.deepEqual(parseDemoOptions([]), defaults);
});

test("each option is read", () => {
  assert.deepEqual(parseDemoOptions(["--seconds", "2.5"]), { ...defaults, seconds: 2.5 });
  assert.deepEqual(parseDemoOptions(["--serial=00050abc"]), { ...defaults, serial: "00050abc" });
  assert.deepEqual(parseDemoOptions(["--virtual", "--no-picture"]), { ...defaults, virtual: true, picture: false });
});

test("a recording and a rate are the virtual camera's, so they choose it", () => {
  assert.deepEqual(parseDemoOptions(["--recording", "a.raw"]), { ...defaults, virtual: true, recording: "a.raw" });
  assert.deepEqual(parseDemoOptions(["--rate", "200"]), { ...defaults, virtual: true, bytesPerSecond: 200e6 });
});

test("numbers must be above 0 and of this world", () => {
  for (const value of ["0", "five", "", " ", "NaN", "Infinity", "1e9"]) {
    assert.throws(() => parseDemoOptions(["--seconds", value]), RangeError, value);
    assert.throws(() => parseDemoOptions(["--rate", value]), /--rate must be a number above 0/);
  }
  assert.throws(() => parseDemoOptions(["--seconds=-1"]), /--seconds must be a number above 0 .*, not "-1"/);
});

test("unknown, incomplete and contradicting options are refused", () => {
  assert.throws(() => parseDemoOptions(["--second", "5"]), /unknown option --second; did you mean --seconds\?/);
  assert.throws(() => parseDemoOptions(["--seconds"]), /--seconds needs a value/);
  assert.throws(() => parseDemoOptions(["5"]), /unexpected "5"/);
  assert.throws(() => parseDemoOptions(["--virtual", "--serial", "1"]), /--serial chooses a real camera/);
});

test("the help names every option", () => {
  for (const option of ["seconds", "serial", "virtual", "recording", "rate", "no-picture"]) {
    assert.ok(demoHelp.includes(`--${option} `), option);
  }
});
