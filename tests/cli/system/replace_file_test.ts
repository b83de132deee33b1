import assert from "node:assert/strict";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { replaceFile } from "../../../src/cli/system/replace_file.ts";
import { test } from "../../support/test.ts";

const isWindows = process.platform === "win32";
const skip = isWindows ? "Windows has other permissions and links" : undefined;

/** Runs a test in a folder of its own. */
function inFolder(run: (path: (name: string) => string, folder: string) => void): () => void {
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_replace_"));
    try {
      run((name) => join(folder, name), folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const content = { text: "rules\n", mode: 0o644 };

test(
  "a file is written with its mode under any umask, and only where it differs",
  { skip },
  inFolder((path, folder) => {
    const umask = process.umask(0o077);
    try {
      assert.equal(replaceFile(path("rules"), content), true);
    } finally {
      process.umask(umask);
    }
    assert.equal(readFileSync(path("rules"), "utf8"), "rules\n");
    assert.equal(statSync(path("rules")).mode & 0o777, 0o644);
    const { ino } = statSync(path("rules"));
    assert.equal(replaceFile(path("rules"), content), false);
    assert.equal(statSync(path("rules")).ino, ino);
    assert.equal(replaceFile(path("rules"), { ...content, text: "others\n" }), true);
    assert.equal(readFileSync(path("rules"), "utf8"), "others\n");
    assert.deepEqual(readdirSync(folder), ["rules"], "nothing is left beside it");
  }),
);

test(
  "a symbolic link stays one",
  { skip },
  inFolder((path) => {
    writeFileSync(path("file"), "old\n");
    symlinkSync("file", path("link"));
    assert.equal(replaceFile(path("link"), content), true);
    assert.equal(lstatSync(path("link")).isSymbolicLink(), true);
    assert.equal(readFileSync(path("file"), "utf8"), "rules\n");
  }),
);

test(
  "a folder and a device are refused, and stay",
  { skip },
  inFolder((path) => {
    mkdirSync(path("folder"));
    assert.throws(() => replaceFile(path("folder"), content), { code: "EISDIR", message: /folder is a folder$/ });
    symlinkSync("/dev/null", path("null"));
    assert.throws(() => replaceFile(path("null"), content), { code: "EINVAL", message: /null is no regular file$/ });
    assert.equal(lstatSync(path("null")).isSymbolicLink(), true);
  }),
);

test(
  "a failure leaves what was there, and nothing beside it",
  {},
  inFolder((path, folder) => {
    assert.throws(() => replaceFile(path("missing/rules"), content), { code: "ENOENT" });
    assert.deepEqual(readdirSync(folder), []);
  }),
);
