/** Two cameras on one cable for the clock: a secondary, which is silent until a primary runs. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, type Imx636Clock, open } from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { test } from "../support/test_on_bus.ts";

async function streaming(): Promise<boolean[]> {
  return (await describeVirtualBus()).cameras.map((camera) => camera.streaming);
}

test("a secondary sends nothing until the primary runs, and again at its end", async () => {
  // With an event each microsecond from the start of its clock.
  const source = { kind: "sequence" } as const;
  await configureVirtualBus([{ serial: "00000001", source }, { serial: "00000002", source }]);
  const openWith = (serial: string, clock: Imx636Clock) => {
    return open({ libusb: "virtual", type: "prophesee-evk4", serial, configuration: { clock }, iteratorTimeoutMs: 50 });
  };
  await using secondary = await openWith("00000001", "external");
  for await (const { packet } of secondary) {
    assert.ok(packet === undefined, "nothing comes"); // which would be long, as a difference
    break;
  }
  {
    await using other = await openWith("00000002", "internal");
    for await (const { packet } of other) if (packet?.polarityEvents) break;
    assert.deepEqual(await streaming(), [false, true], "a camera that is no primary drives no cable");
  }
  {
    await using primary = await openWith("00000002", "internal-with-output");
    for await (const { packet } of primary) if (packet?.polarityEvents) break;
    for await (const { packet } of secondary) {
      const t = packet?.polarityEvents?.t;
      if (t === undefined) continue;
      assert.equal(t[0], 0, "its pixels were ready at the primary's start");
      break;
    }
    assert.deepEqual(await streaming(), [true, true]);
  }
  await eventually("the secondary's end", async () => (await streaming())[0] === false || undefined);
});
