/**
 * The project's own record of what goes over the bus, so that no change of the sequences goes unnoticed. When a change
 * is meant, write the files again and read their difference:
 *
 *     NEUROMORPHIC_DRIVERS_UPDATE_SNAPSHOTS=1 node --test tests/cameras/prophesee_evk3_hd/snapshot_test.ts
 */

import { test } from "node:test";
import type { PropheseeEvk3HdChanges } from "../../../src/cameras/prophesee_evk3_hd/configuration.ts";
import { propheseeEvk3Hd } from "../../../src/cameras/prophesee_evk3_hd/driver.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { assertSnapshot } from "../testing/snapshot.ts";
import { evk3HdModel } from "./testing/evk3_hd.ts";

/** Everything that a configuration can change. */
const EVERYTHING: PropheseeEvk3HdChanges = {
  biases: { pr: 1, fo: 2, foN: 3, hpf: 4, diffOn: 5, diff: 6, diffOff: 7, refr: 8, reqpuy: 9, blk: 10 },
  beyondRecommendedBiases: true,
  xMask: new Uint8Array(1280).fill(1, 0, 33),
  yMask: new Uint8Array(720).fill(1, 700, 720),
  maskIntersectionOnly: true,
  masksEnabled: false,
  pixelMask: [{ x: 0, y: 0 }, { x: 1279, y: 719 }],
  digitalCrop: { x: 32, y: 1, width: 64, height: 2, resetOrigin: true },
  antiFlicker: { minimumHz: 90, maximumHz: 130, mode: "band-pass" },
  trailFilter: { type: "stc-cut-trail", thresholdUs: 5_000 },
  rateLimiter: { referencePeriodUs: 1023, maximumEventsPerPeriod: 4_194_303 },
  clock: "internal-with-output",
  externalTrigger: false,
  output: false,
  eventFormat: "evt2.1",
  packetPeriodUs: 1_008,
};

/** A camera's life. */
function* life(changes: PropheseeEvk3HdChanges): Protocol {
  yield* propheseeEvk3Hd.identify();
  const camera = yield* propheseeEvk3Hd.open(propheseeEvk3Hd.checkConfiguration(changes));
  yield* camera.shutdown();
}

for (const [name, changes] of [["default", {}], ["everything", EVERYTHING]] as const) {
  test(`what goes over the bus from the identification to the shutdown is what is recorded: ${name}`, () => {
    const { lines } = carryOutByHand(life(changes), evk3HdModel());
    assertSnapshot(new URL(`snapshots/${name}.txt`, import.meta.url), lines);
  });
}
