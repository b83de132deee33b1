/** Every example runs to its end with the virtual camera, under this runtime. */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "../support/child.ts";
import { slow, test } from "../support/test.ts";

const folder = new URL("../../scripts/examples/", import.meta.url);
const examples = readdirSync(folder).filter((name) => name.endsWith(".ts"));

test("there are examples", {}, () => {
  assert.ok(examples.length > 0);
});

for (const name of examples) {
  test(`the example ${name} ends well and prints something`, slow, async () => {
    const files = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_examples_"));
    try {
      const environment = { TMPDIR: files, TEMP: files };
      const options = { parameters: ["virtual"], environment };
      const { status, output, errors } = await runChild(new URL(name, folder), options);
      assert.equal(errors, "");
      assert.equal(status, 0, output);
      assert.match(output, /\S.*\n/);
    } finally {
      rmSync(files, { recursive: true });
    }
  });
}
