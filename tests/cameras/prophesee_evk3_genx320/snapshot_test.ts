/**
 * The project's own record of the registers that are read and written, so that no change of the sequences goes unnoticed.
 * When a change is meant, write the files again and read their difference:
 *
 *     NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS=1 node --test tests/cameras/prophesee_evk3_genx320/snapshot_test.ts
 */

import { test } from "node:test";
import type { Genx320Changes } from "../../../src/cameras/genx320/configuration.ts";
import { openModel, type SENSORS } from "../genx320/testing/open_model.ts";
import { assertSnapshot } from "../testing/snapshot.ts";

/** Everything that a configuration can change. */
const EVERYTHING: Genx320Changes = {
  biases: { fo: 1, hpf: 2, diffOn: 3, diff: 4, diffOff: 5, refr: 6 },
  beyondRecommendedBiases: true,
  regionOfNonInterest: [{ x: 0, y: 1, width: 2, height: 3 }, { x: 319, y: 319, width: 1, height: 1 }],
  pixelMask: [{ x: 33, y: 300 }],
  digitalCrop: { x: 4, y: 5, width: 6, height: 7, resetOrigin: true },
  antiFlicker: { minimumHz: 90, maximumHz: 130, mode: "band-pass", dutyCyclePercent: 25, startThreshold: 7 },
  trailFilter: { type: "stc-keep-trail", thresholdUs: 20_000 },
  activityFilter: { windowUs: 500, lowerStart: 40_000, lowerStop: 20_000 },
  rateLimiter: { referencePeriodUs: 1_023, maximumEventsPerPeriod: 20_000 },
  clock: "external",
  externalTrigger: false,
};

const SNAPSHOTS: readonly (readonly [name: string, changes: Genx320Changes, kind: keyof typeof SENSORS])[] = [
  ["early", {}, "es"],
  ["production", {}, "mp"],
  ["everything", { ...EVERYTHING, eventFormat: "evt3" }, "mp"],
];

for (const [name, changes, kind] of SNAPSHOTS) {
  test(`the registers from the opening to the shutdown are those recorded: ${name}`, () => {
    const { setUp, started, close } = openModel(changes, kind);
    assertSnapshot(new URL(`snapshots/${name}.txt`, import.meta.url), [...setUp, ...started, ...close()]);
  });
}
