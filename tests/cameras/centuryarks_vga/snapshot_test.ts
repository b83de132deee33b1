/**
 * The project's own record of the registers that are read and written, so that no change of the sequences goes unnoticed.
 * When a change is meant, write the files again and read their difference:
 *
 *     NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS=1 node --test tests/cameras/centuryarks_vga/snapshot_test.ts
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { CenturyarksVgaChanges } from "../../../src/cameras/centuryarks_vga/configuration.ts";
import { centuryarksVga } from "../../../src/cameras/centuryarks_vga/driver.ts";
import { Gen31Model } from "../gen31/testing/gen31_model.ts";

/** Everything that a configuration can change. */
const EVERYTHING: CenturyarksVgaChanges = {
  biases: { diffOff: 1, diffOn: 1_799, diff: 2, fo: 3, pr: 4, refr: 5, hpf: 6 },
  beyondRecommendedBiases: true,
  xMask: "0-32",
  yMask: "470-479",
  noiseFilter: { minimumEventsPerSecond: 10_000_000 },
  clock: "internal-with-output",
  externalTrigger: true,
  packetPeriodUs: 65_535,
};

for (const [name, changes] of [["default", {}], ["everything", EVERYTHING]] as const) {
  test(`the registers from the identification to the shutdown are those recorded: ${name}`, () => {
    const model = new Gen31Model();
    model.carryOut(centuryarksVga.identify());
    const camera = model.carryOut(centuryarksVga.open(centuryarksVga.checkConfiguration(changes)));
    model.carryOut(camera.shutdown());
    assertSnapshot(`${name}.txt`, model.takeLines());
  });
}

function assertSnapshot(name: string, lines: readonly string[]): void {
  const path = new URL(`snapshots/${name}`, import.meta.url);
  if (process.env.NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS === "1") writeFileSync(path, lines.join("\n") + "\n");
  const recorded = readFileSync(path, "utf-8").trimEnd().split("\n");
  lines.forEach((line, index) => assert.equal(line, recorded[index], `line ${index + 1} of ${name}`));
  assert.equal(lines.length, recorded.length, `number of lines of ${name}`);
}
