import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { realFiles } from "../../../src/cli/system/files.ts";
import { test } from "../../support/test.ts";

const skip = process.platform === "win32" ? "symbolic links take a right of their own" : undefined;

test("files, folders and links are read; what is missing or of another kind is undefined", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_files_"));
  try {
    const path = (name: string) => join(folder, name);
    writeFileSync(path("speed"), "5000\n");
    mkdirSync(path("empty"));
    symlinkSync("../drivers/usbfs", path("driver"));
    assert.equal(realFiles.read(path("speed")), "5000");
    assert.deepEqual([...realFiles.list(folder)!].sort(), ["driver", "empty", "speed"]);
    assert.deepEqual(realFiles.list(path("empty")), []);
    assert.equal(realFiles.target(path("driver")), "../drivers/usbfs");
    for (const name of ["missing", "empty"]) assert.equal(realFiles.read(path(name)), undefined);
    assert.equal(realFiles.list(path("speed")), undefined);
    assert.equal(realFiles.target(path("speed")), undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
