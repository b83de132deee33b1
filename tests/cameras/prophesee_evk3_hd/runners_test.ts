/** The same protocols give the same transcript, whichever runner carries them out and however the bus answers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PropheseeEvk3HdChanges } from "../../../src/cameras/prophesee_evk3_hd/configuration.ts";
import { propheseeEvk3Hd } from "../../../src/cameras/prophesee_evk3_hd/driver.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import { promising } from "../../protocol/testing/made_up_bus.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import type { RecordingCamera } from "../testing/transcript_camera.ts";
import { evk3HdModel, recordingEvk3Hd } from "./testing/evk3_hd.ts";

const changes: PropheseeEvk3HdChanges = {
  biases: { diffOn: 120, foN: 2 },
  yMask: new Uint8Array(720).fill(1, 0, 100),
  rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 4_000 },
  externalTrigger: false,
};

/** A camera's whole life: identified, opened, changed, asked, closed. Returns what it told. */
function* life(): Protocol<unknown> {
  const identified = yield* propheseeEvk3Hd.identify();
  const camera = yield* propheseeEvk3Hd.open(propheseeEvk3Hd.checkConfiguration({ clock: "external" }));
  yield* camera.update(changes);
  const measured = [
    yield* camera.sensors.temperatureCelsius(),
    yield* camera.sensors.illuminanceLux(),
    yield* camera.sensors.biases(),
  ];
  yield* camera.shutdown();
  return { identified, serial: camera.serial, measured, configuration: camera.configuration };
}

test("both runners, over buses that answer at once and later, give the transcript of no bus at all", async () => {
  const byHand = carryOutByHand(life(), evk3HdModel());
  const drained = byHand.lines.indexOf("BULK_IN 0x81 max=131072 timeout_ms=50");
  assert.ok(drained > 0);
  // What is one exchange of the protocol, runners read in slices.
  const slices = Array.from({ length: 2 }, () => "BULK_IN 0x81 max=131072 timeout_ms=25");
  const expected = byHand.lines.toSpliced(drained, 1, ...slices);

  const blocking = recordingEvk3Hd();
  assert.deepEqual(runSync(life(), { bus: blocking, settling: blocking.settling }), byHand.result);
  assert.deepEqual(blocking.lines, expected);

  for (const wrap of [(bus: RecordingCamera) => bus, promising]) {
    const camera = recordingEvk3Hd();
    assert.deepEqual(await run(life(), { bus: wrap(camera), settling: camera.settling }), byHand.result);
    assert.deepEqual(camera.lines, expected);
  }
});
