/** The same protocols give the same transfers, whichever runner carries them out and however the bus answers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { propheseeEvk3Genx320 } from "../../../src/cameras/prophesee_evk3_genx320/driver.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import { MadeUpBus, MadeUpSettling, promising } from "../../protocol/testing/made_up_bus.ts";
import { Genx320Model } from "../genx320/testing/genx320_model.ts";

/** A camera's whole life: identified, opened, changed, asked, closed. Returns what it told. */
function* life(): Protocol<unknown> {
  const identified = yield* propheseeEvk3Genx320.identify();
  const configuration = propheseeEvk3Genx320.checkConfiguration({ clock: "external", pixelMask: [{ x: 1, y: 2 }] });
  const camera = yield* propheseeEvk3Genx320.open(configuration);
  yield* camera.update({ biases: { diffOn: 41 }, rateLimiter: { maximumEventsPerSecond: 1e6 } });
  const measured = [yield* camera.sensors.temperatureCelsius(), yield* camera.sensors.illuminanceLux()];
  yield* camera.shutdown();
  return { identified, serial: camera.serial, measured, configuration: camera.configuration };
}

function connect() {
  const model = new Genx320Model();
  return { model, bus: new MadeUpBus((transfer) => model.answer(transfer)), settling: new MadeUpSettling() };
}

test("both runners, over buses that answer at once and later, do the same as no bus at all", async () => {
  const byHand = connect();
  const expected = byHand.model.carryOut(life());
  const accesses = byHand.model.takeLines().filter((line) => !line.startsWith("WAIT_US"));
  assert.ok(accesses.length > 250);

  const blocking = connect();
  assert.deepEqual(runSync(life(), blocking), expected);
  assert.deepEqual(blocking.model.takeLines(), accesses);
  assert.ok(blocking.settling.waits.includes(50_000));

  for (const wrap of [(bus: MadeUpBus) => bus, promising]) {
    const { model, bus, settling } = connect();
    assert.deepEqual(await run(life(), { bus: wrap(bus), settling }), expected);
    assert.deepEqual(model.takeLines(), accesses);
  }
});
