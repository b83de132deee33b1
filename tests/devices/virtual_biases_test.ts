/** Biases of virtual cameras whose chips hold other codes: offsets mean the same on each of them. */

import assert from "node:assert/strict";
import { configureVirtualBus, open, type PropheseeEvk4Changes } from "../../mod.ts";
import { test } from "../support/test.ts";

const virtual = { libusb: "virtual", type: "prophesee-evk4" } as const;

/** Made up. */
const OTHER_CHIP = [117, 96, 5, 110, 84, 66, 93, 31, 133, 129, 150, 112, 78];

/** The first events of a scene, as a text. */
async function firstEvents(biasCodes: readonly number[] | undefined, changes: PropheseeEvk4Changes): Promise<string> {
  await configureVirtualBus([{ bytesPerSecond: 2e6, biasCodes }]);
  await using device = await open({ ...virtual, configuration: changes });
  const events: string[] = [];
  for await (const { packet } of device) {
    if (packet.polarityEvents === undefined) continue;
    const { t, x, y, on } = packet.polarityEvents;
    t.forEach((time, index) => events.push(`${time} ${x[index]} ${y[index]} ${on[index]}`));
    if (events.length >= 50_000) break;
  }
  return events.slice(0, 50_000).join("\n");
}

test("the same offsets leave the same events on chips with other codes", {}, async () => {
  const whole = await firstEvents(undefined, {});
  assert.equal(await firstEvents(OTHER_CHIP, {}), whole);
  const fewer = await firstEvents(undefined, { biases: { diffOn: 40 } });
  assert.notEqual(fewer, whole);
  assert.equal(await firstEvents(OTHER_CHIP, { biases: { diffOn: 40 } }), fewer);
});

test("a virtual camera's codes are told, and are the same after it was closed", {}, async () => {
  await configureVirtualBus([{ biasCodes: OTHER_CHIP }]);
  for (const biases of [{ diffOn: 10, refr: { code: 40 } }, {}]) {
    using device = await open({ ...virtual, configuration: { biases } });
    assert.deepEqual(Object.values(device.sensors.biases()).map(({ chipCode }) => chipCode), OTHER_CHIP);
    const { diffOn, refr } = device.sensors.biases();
    assert.deepEqual([diffOn.code, refr.code], "diffOn" in biases ? [120, 40] : [110, 31]);
    device.close();
    assert.throws(() => device.sensors.biases(), { code: "closed" });
  }
});

test("what a virtual camera's chip cannot have closes it again, so that it can be opened", {}, async () => {
  await configureVirtualBus([{ biasCodes: OTHER_CHIP }]);
  const opening = open({ ...virtual, configuration: { biases: { diffOff: 190 } } });
  await assert.rejects(opening, { name: "RangeError", message: /biases\.diffOff must be .* from -66 to 189 / });
  using device = await open(virtual);
  assert.throws(() => device.updateConfiguration({ biases: { diffOff: 190 } }), RangeError);
  assert.equal(device.configuration.biases.diffOff, 0);
});
