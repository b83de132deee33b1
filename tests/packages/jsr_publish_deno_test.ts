/** What `deno publish` says of the package for JSR, which it does not upload here. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../../scripts/commands.ts";
import { publishedFiles, stageJsrPackage } from "../../scripts/packages/jsr.ts";

/** Publishes a folder as a rehearsal. Types are checked by the gate, and the package of the libraries is not on npm here. */
async function rehearse(folder: string): Promise<{ exitStatus: number; output: string }> {
  const parameters = ["publish", "--dry-run", "--allow-dirty", "--no-check"];
  const environment = { NO_COLOR: "1", NPM_CONFIG_REGISTRY: "http://127.0.0.1:9" };
  return await runCommand(Deno.execPath(), parameters, { directory: folder, environment });
}

async function withStaged(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_publish_"));
  try {
    await work(await stageJsrPackage(join(folder, "jsr")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("deno publish takes the package without a warning: no slow types, no import that it cannot map", async () => {
  await withStaged(async (folder) => {
    const { exitStatus, output } = await rehearse(folder);
    assert.equal(exitStatus, 0, output);
    assert.match(output, /Success Dry run complete/);
    assert.doesNotMatch(output, /warning|slow type\b/i);
    for (const path of [...publishedFiles(), "deno.json"]) {
      assert.ok(output.includes(`/${path} (`), `${path}\n${output}`);
    }
  });
});

test("a module that is missing, and a symbol without a type, are refused", async () => {
  await withStaged(async (folder) => {
    rmSync(join(folder, "src", "shown.ts"));
    assert.notEqual((await rehearse(folder)).exitStatus, 0);
  });
  await withStaged(async (folder) => {
    const path = join(folder, "mod.ts");
    writeFileSync(path, `${readFileSync(path, "utf8")}\nexport const slow = [1].map(String);\n`);
    const { exitStatus, output } = await rehearse(folder);
    assert.notEqual(exitStatus, 0, output);
    assert.match(output, /slow/);
  });
});
