import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureStyleOf } from "../../src/cli/picture_style.ts";

const utf8 = { LANG: "en_US.UTF-8" };

test("24-bit colours only where the terminal says so, none where the user says so", () => {
  assert.equal(pictureStyleOf({ ...utf8, COLORTERM: "truecolor" }, "linux"), "24-bit");
  assert.equal(pictureStyleOf({ ...utf8, COLORTERM: "24bit" }, "linux"), "24-bit");
  assert.equal(pictureStyleOf({ ...utf8, TERM: "xterm-256color", NO_COLOR: "" }, "linux"), "256");
  assert.equal(pictureStyleOf({ ...utf8, COLORTERM: "truecolor", NO_COLOR: "1" }, "linux"), "monochrome");
});

test("half blocks need a locale in UTF-8: LC_ALL before LC_CTYPE before LANG", () => {
  assert.equal(pictureStyleOf({ ...utf8, LC_ALL: "C" }, "linux"), "ascii");
  assert.equal(pictureStyleOf({ ...utf8, LC_CTYPE: "POSIX" }, "darwin"), "ascii");
  assert.equal(pictureStyleOf({ LC_ALL: "C.utf8", LANG: "C" }, "linux"), "256");
  assert.equal(pictureStyleOf({ LC_ALL: "", LANG: "de_DE.utf8" }, "linux"), "256");
  assert.equal(pictureStyleOf({}, "linux"), "ascii");
  assert.equal(pictureStyleOf({}, "win32"), "256");
});

test("a terminal that cannot move the cursor gets no picture", () => {
  assert.equal(pictureStyleOf({ ...utf8, TERM: "dumb" }, "linux"), undefined);
});
