/**
 * The project's own record of the registers that are read and written, so that no change of the sequences goes unnoticed.
 * When a change is meant, write the files again and read their difference:
 *
 *     NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS=1 node --test tests/cameras/centuryarks_vga/snapshot_test.ts
 */

import { test } from "node:test";
import type { CenturyarksVgaChanges } from "../../../src/cameras/centuryarks_vga/configuration.ts";
import { centuryarksVga } from "../../../src/cameras/centuryarks_vga/driver.ts";
import { Gen31Model } from "../gen31/testing/gen31_model.ts";
import { assertSnapshot } from "../testing/snapshot.ts";

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
    assertSnapshot(new URL(`snapshots/${name}.txt`, import.meta.url), model.takeLines());
  });
}
