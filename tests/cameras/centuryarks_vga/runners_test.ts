/** The same protocols give the same transfers, whichever runner carries them out and however the bus answers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { centuryarksVga } from "../../../src/cameras/centuryarks_vga/driver.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import { MadeUpBus, MadeUpSettling, promising } from "../../protocol/testing/made_up_bus.ts";
import { Gen31Model } from "../gen31/testing/gen31_model.ts";

/** A camera's whole life: identified, opened, changed, asked, closed. Returns what it told. */
function* life(): Protocol<unknown> {
  const identified = yield* centuryarksVga.identify();
  const camera = yield* centuryarksVga.open(centuryarksVga.checkConfiguration({ clock: "external", xMask: "0-9" }));
  yield* camera.update({ biases: { diffOn: 400 }, noiseFilter: { minimumEventsPerSecond: 10_000 } });
  const measured = [yield* camera.sensors.temperatureCelsius(), yield* camera.sensors.illuminanceLux()];
  yield* camera.shutdown();
  return { identified, serial: camera.serial, measured, configuration: camera.configuration };
}

function connect() {
  const model = new Gen31Model();
  model.alwaysSet.set("0 0x00000214", 0x2000_1388);
  return { model, bus: new MadeUpBus((transfer) => model.answer(transfer)), settling: new MadeUpSettling() };
}

test("both runners, over buses that answer at once and later, do the same as no bus at all", async () => {
  const byHand = connect();
  const expected = byHand.model.carryOut(life());
  const lines = byHand.model.takeLines();
  const accesses = lines.filter((line) => !line.startsWith("WAIT_US"));
  assert.ok(accesses.length > 150);

  const blocking = connect();
  assert.deepEqual(runSync(life(), blocking), expected);
  assert.deepEqual(blocking.model.takeLines(), accesses);
  assert.deepEqual(blocking.settling.waits, [250_000]);

  for (const wrap of [(bus: MadeUpBus) => bus, promising]) {
    const { model, bus, settling } = connect();
    assert.deepEqual(await run(life(), { bus: wrap(bus), settling }), expected);
    assert.deepEqual(model.takeLines(), accesses);
  }
});
