/** The same protocols give the same transcript, whichever runner carries them out and however the bus answers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import { promising } from "../../protocol/testing/made_up_bus.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { Evk4Model } from "../testing/evk4_model.ts";
import { RecordingCamera } from "../testing/transcript_camera.ts";

const changes: PropheseeEvk4Changes = {
  biases: { diffOn: 10, fo: { code: 60 } },
  yMask: new Uint8Array(720).fill(1, 0, 100),
  rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 4_000 },
};

/** A camera's whole life: identified, opened, changed, asked, closed. Returns what it told. */
function* life(): Protocol<unknown> {
  const identified = yield* propheseeEvk4.identify();
  const camera = yield* propheseeEvk4.open(propheseeEvk4.checkConfiguration({ clock: "external" }));
  yield* camera.update(changes);
  const measured = [
    yield* camera.sensors.temperatureCelsius(),
    yield* camera.sensors.illuminance(),
    yield* camera.sensors.illuminanceLux(),
  ];
  yield* camera.shutdown();
  return { identified, serial: camera.serial, measured, configuration: camera.configuration };
}

test("both runners, over buses that answer at once and later, give the transcript of no bus at all", async () => {
  const byHand = carryOutByHand(life(), new Evk4Model());
  const drained = byHand.lines.indexOf("BULK_IN 0x81 max=131072 timeout_ms=50");
  assert.ok(drained > 0);
  // What is one exchange of the protocol, runners read in slices.
  const slices = Array.from({ length: 2 }, () => "BULK_IN 0x81 max=131072 timeout_ms=25");
  const expected = byHand.lines.toSpliced(drained, 1, ...slices);

  const blocking = new RecordingCamera();
  assert.deepEqual(runSync(life(), { bus: blocking, settling: blocking.settling }), byHand.result);
  assert.deepEqual(blocking.lines, expected);

  for (const wrap of [(bus: RecordingCamera) => bus, promising]) {
    const camera = new RecordingCamera();
    assert.deepEqual(await run(life(), { bus: wrap(camera), settling: camera.settling }), byHand.result);
    assert.deepEqual(camera.lines, expected);
  }
});
