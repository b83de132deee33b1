/**
 * What regions, the rate, the packet period and the clock do to the events of the virtual camera, through the driver. The
 * camera follows the facts, so this is also a check of what the driver writes.
 */

import assert from "node:assert/strict";
import { configureVirtualBus, open } from "../../mod.ts";
import { test } from "../support/test.ts";
import { allEvents, assertSends, batches, type Event, openCamera } from "./first_events.ts";

const region = { x: 500, y: 200, width: 280, height: 320 };
const liesIn = ({ x, y }: Event) => x >= 500 && x < 780 && y >= 200 && y < 520;

test("a region of interest sends what lies in it, one of non-interest the rest", {}, async () => {
  const all = await allEvents();
  await assertSends({ regionOfInterest: region }, all.filter(liesIn), { outOf: all.length });
  await assertSends({ regionOfNonInterest: region }, all.filter((event) => !liesIn(event)), { outOf: all.length });
});

test("masks that are not enabled mask nothing, and mask again when they are", {}, async () => {
  await assertSends({ regionOfInterest: region, masksEnabled: false }, await allEvents());
  await using device = await openCamera({ regionOfInterest: region, masksEnabled: false });
  const events = batches(device);
  const readUntil = async (isExpected: (batch: readonly Event[]) => boolean) => {
    for (let read = 0; read < 5_000_000;) {
      const { value } = await events.next();
      if (isExpected(value)) return;
      read += value.length;
    }
    assert.fail("it does not change");
  };
  await readUntil((batch) => !batch.every(liesIn));
  device.updateConfiguration({ masksEnabled: true });
  await readUntil((batch) => batch.every(liesIn));
  device.updateConfiguration({ masksEnabled: false });
  await readUntil((batch) => !batch.every(liesIn));
});

test("a longer packet period makes fewer transfers", {}, async () => {
  const transfersIn = async (packetPeriodUs: number, durationUs: number) => {
    await configureVirtualBus([{ bytesPerSecond: 100_000 }]);
    const configuration = { packetPeriodUs };
    const options = { libusb: "virtual", type: "prophesee-evk4", iteratorMaximumRawPackets: 1 } as const;
    await using device = await open({ ...options, configuration });
    let [first, transfers] = [-1, 0];
    for await (const { status: { currentTime } } of device) {
      if (currentTime === undefined) continue;
      if (first < 0) first = currentTime;
      if (currentTime - first > durationUs) break;
      transfers++;
    }
    return transfers;
  };
  // A busy machine makes short periods longer, but none shorter.
  const few = await transfersIn(65_520, 600_000);
  assert.ok(few <= 600_000 / 65_520 + 3, `${few} transfers`);
  const many = await transfersIn(1_008, 600_000);
  assert.ok(many > 4 * few, `${many} and ${few} transfers`);
});

test("the rate in events per second is kept", {}, async () => {
  const all = await allEvents();
  const counts = new Map<number, number>();
  const expected = all.filter(({ t }) => {
    const period = Math.floor(t / 200);
    counts.set(period, (counts.get(period) ?? 0) + 1);
    return counts.get(period)! <= 20;
  });
  await assertSends({ rateLimiter: { maximumEventsPerSecond: 100_000 } }, expected, { outOf: all.length });
});

test("the dead time of the pixels is measured", {}, async () => {
  await using device = await openCamera({});
  const us = device.sensors.pixelDeadTimeUs();
  assert.ok(us > 1 && us < 1_000, `${us} µs`);
});

test("a secondary sends nothing until its primary runs", {}, async () => {
  await configureVirtualBus([{ bytesPerSecond: 1e6 }, { bytesPerSecond: 1e6 }]);
  const virtual = { libusb: "virtual", type: "prophesee-evk4", iteratorTimeoutMs: 50 } as const;
  await using secondary = await open({ ...virtual, serial: "1", configuration: { clock: "external" } });
  for await (const { packet } of secondary) {
    assert.equal(packet, undefined);
    break;
  }
  assert.equal(secondary.statistics.bytes, 0);
  await using primary = await open({ ...virtual, serial: "2", configuration: { clock: "internal-with-output" } });
  for (const device of [secondary, primary]) {
    for await (const { packet } of device) {
      if (packet?.polarityEvents !== undefined) break;
    }
  }
});
