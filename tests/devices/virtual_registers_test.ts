/**
 * What the registers of masks, biases and the rate limiter do to the events of the virtual camera, through the driver.
 * The camera follows the facts (sensor row n is y = n), so this is also a check of what the driver writes.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { configureVirtualBus, type PropheseeEvk4Changes } from "../../mod.ts";
import {
  allEvents,
  assertSameEvents,
  batches,
  type Event,
  firstEvents,
  openCamera,
  withRecording,
} from "./first_events.ts";

/** Not the mirror image of itself, in columns and in rows. */
const xMask = new Uint8Array(1280).fill(1, 300, 500);
const yMask = new Uint8Array(720).fill(1, 600, 650);

test("masked columns and rows send nothing, all other pixels what they sent", async () => {
  const all = await allEvents();
  const expected = all.filter(({ x, y }) => xMask[x] === 0 && yMask[y] === 0);
  assert.ok(expected.length > 10_000 && expected.length < 0.8 * all.length, `${expected.length} of ${all.length}`);
  assertSameEvents(await firstEvents({ xMask, yMask }), expected);
});

test("maskIntersectionOnly masks where a masked column and a masked row cross", async () => {
  const all = await allEvents();
  const expected = all.filter(({ x, y }) => xMask[x] === 0 || yMask[y] === 0);
  assert.ok(expected.length < all.length);
  assertSameEvents(await firstEvents({ xMask, yMask, maskIntersectionOnly: true }), expected);
});

test("the pixel mask silences its pixels and no other", async () => {
  const all = await allEvents();
  const pixelMask = all.filter((_, index) => index % 500 === 0).slice(0, 64).map(({ x, y }) => ({ x, y }));
  assert.equal(pixelMask.length, 64);
  const masked = new Set(pixelMask.map(({ x, y }) => 1280 * y + x));
  const expected = all.filter(({ x, y }) => !masked.has(1280 * y + x));
  assert.ok(expected.length <= all.length - 64);
  assertSameEvents(await firstEvents({ pixelMask }), expected);
});

test("the rate limiter lets its number of events through in each period", async () => {
  const all = await allEvents();
  const rateLimiter = { referencePeriodUs: 128, maximumEventsPerPeriod: 10 };
  const counts = new Map<number, number>();
  const expected = all.filter(({ t }) => {
    const period = Math.floor(t / rateLimiter.referencePeriodUs);
    const count = (counts.get(period) ?? 0) + 1;
    counts.set(period, count);
    return count <= rateLimiter.maximumEventsPerPeriod;
  });
  assert.ok(expected.length < 0.8 * all.length, `${expected.length} of ${all.length}`);
  assertSameEvents(await firstEvents({ rateLimiter }), expected);
});

test("a higher threshold of ON leaves fewer ON events and all OFF events, a still higher one fewer of the same", async () => {
  const all = await allEvents();
  const ofPolarity = (events: readonly Event[], on: number) => events.filter((event) => event.on === on);
  let before = ofPolarity(all, 1);
  for (const diffOn of [32, 64]) {
    const events = await firstEvents({ biases: { diffOn } });
    assertSameEvents(ofPolarity(events, 0), ofPolarity(all, 0));
    const left = ofPolarity(events, 1);
    // Halved each 32 codes.
    assert.ok(left.length > 0.4 * before.length && left.length < 0.6 * before.length, `${left.length}`);
    const keys = new Set(left.map(({ t, x, y }) => `${t} ${x} ${y}`));
    assertSameEvents(left, before.filter(({ t, x, y }) => keys.has(`${t} ${x} ${y}`)));
    before = left;
  }
  const fewerOff = await firstEvents({ biases: { diffOff: 40 } });
  assertSameEvents(ofPolarity(fewerOff, 1), ofPolarity(all, 1));
  assert.ok(ofPolarity(fewerOff, 0).length < 0.6 * ofPolarity(all, 0).length);
});

/** Reads on until this many events that follow each other are what is expected, which is all of them from some time on. */
async function readUntil(
  events: AsyncGenerator<Event[]>,
  what: string,
  isExpected: (batch: readonly Event[]) => boolean,
): Promise<void> {
  const [enough, limit] = [50_000, 5_000_000];
  let [expected, read] = [0, 0];
  while (expected < enough) {
    const { value, done } = await events.next();
    assert.ok(!done && read < limit, `${read} events read, and not yet: ${what}`);
    read += value.length;
    expected = isExpected(value) ? expected + value.length : 0;
  }
}

test("changes take effect while the camera streams, and go again", async () => {
  const device = await openCamera({});
  const events = batches(device);
  try {
    const isMasked = ({ x, y }: Event) => xMask[x] === 1 || yMask[y] === 1;
    device.updateConfiguration({ xMask, yMask });
    await readUntil(events, "masked", (batch) => !batch.some(isMasked));
    device.updateConfiguration({ xMask: new Uint8Array(1280), yMask: new Uint8Array(720) });
    await readUntil(events, "masks gone", ((seen) => (batch) => seen ||= batch.some(isMasked))(false));

    const pixelMask = Array.from({ length: 64 }, (_, index) => ({ x: 900, y: 328 + index }));
    const isSpotted = ({ x, y }: Event) => x === 900 && y >= 328 && y < 392;
    device.updateConfiguration({ pixelMask });
    await readUntil(events, "pixels masked", (batch) => !batch.some(isSpotted));
    device.updateConfiguration({ pixelMask: [] });
    await readUntil(events, "pixels back", ((seen) => (batch) => seen ||= batch.some(isSpotted))(false));

    const periods = (batch: readonly Event[]) => {
      const counts = new Map<number, number>();
      for (const { t } of batch) counts.set(t >> 7, (counts.get(t >> 7) ?? 0) + 1);
      return [...counts.values()];
    };
    device.updateConfiguration({ rateLimiter: { referencePeriodUs: 128, maximumEventsPerPeriod: 10 } });
    await readUntil(events, "limited", (batch) => periods(batch).every((count) => count <= 10));
    device.updateConfiguration({ rateLimiter: null });
    await readUntil(events, "unlimited", ((seen) => (batch) => seen ||= periods(batch).some((n) => n > 10))(false));

    const shareOfOn = (batch: readonly Event[]) => batch.filter(({ on }) => on === 1).length / batch.length;
    device.updateConfiguration({ biases: { diffOn: 140 } });
    await readUntil(events, "fewer ON", (batch) => shareOfOn(batch) < 0.25);
    device.updateConfiguration({ biases: { diffOn: 0 } });
    await readUntil(events, "ON back", ((seen) => (batch) => seen ||= shareOfOn(batch) > 0.4)(false));
  } finally {
    device.close();
  }
});

test("masked events cost no bytes: with all rows masked, times are left", async () => {
  await using device = await openCamera({ yMask: new Uint8Array(720).fill(1) });
  let [first, last, bytes] = [-1, -1, 0];
  for await (const { status, packet } of device) {
    assert.equal(packet.polarityEvents, undefined);
    if (status.currentTime === undefined) continue;
    if (first < 0) first = status.currentTime;
    else bytes += status.bytes;
    last = status.currentTime;
    if (last > first + 200_000) break;
  }
  // Where everything is sent, it is 2 bytes a µs.
  assert.ok(bytes < 0.2 * (last - first), `${bytes} bytes in ${last - first} µs`);
});

test("a recording is masked like a scene: the corners, each by its own row, column or pixel", async () => {
  const vector = [0x3800 + 32, 0x4fff, 0x4fff, 0x50ff]; // x from 32 to 63
  const words = [0x8000, 0x6001, 0, 0x2800, 0x2800 + 1279, ...vector, 0x6002, 719, 0x2800, 0x2800 + 1279, ...vector];
  await withRecording(words, async (path) => {
    const places = async (configuration: PropheseeEvk4Changes) => {
      const events = await firstEvents(configuration, { kind: "recording", path });
      return new Set(events.map(({ x, y }) => `${x},${y}`));
    };
    const row = (y: number, from = 32) => Array.from({ length: 64 - from }, (_, index) => `${from + index},${y}`);
    const top = ["0,0", ...row(0), "1279,0"];
    const bottom = ["0,719", ...row(719), "1279,719"];
    const masked = (length: number, from: number, to = from + 1) => new Uint8Array(length).fill(1, from, to);
    assert.deepEqual(await places({}), new Set([...top, ...bottom]));
    assert.deepEqual(await places({ yMask: masked(720, 0) }), new Set(bottom));
    assert.deepEqual(await places({ yMask: masked(720, 719) }), new Set(top));
    assert.deepEqual(
      await places({ xMask: masked(1280, 0, 40) }),
      new Set(["1279,0", ...row(0, 40), "1279,719", ...row(719, 40)]),
    );
    assert.deepEqual(
      await places({ pixelMask: [{ x: 1279, y: 719 }, { x: 0, y: 0 }] }),
      new Set([...top.slice(1), ...bottom.slice(0, -1)]),
    );
  });
});

test("a sequence is an account of its bytes, and comes whole", async () => {
  const events = await firstEvents({ xMask: new Uint8Array(1280).fill(1) }, { kind: "sequence", intervalUs: 16 });
  // The sensor's clock starts a little earlier than its output, which has a time from the next TIME_HIGH on.
  const first = events[0]!.t;
  assert.equal(first % 4096, 0);
  const expected = Array.from({ length: 1000 }, (_, index) => first + 16 * index);
  assert.deepEqual(events.map(({ t }) => t).slice(0, 1000), expected);
  await configureVirtualBus();
});

test("the lamp of a scene blinks at its frequency: ON, and OFF half a period later", async () => {
  const events = await firstEvents({}, { kind: "scene", flickerHz: 100 });
  const isLamp = ({ x, y }: Event) => x >= 64 && x < 96 && y >= 64 && y < 96;
  const times = (on: number) => {
    const counts = new Map<number, number>();
    for (const { t } of events.filter((event) => event.on === on && isLamp(event))) {
      counts.set(t >> 6, (counts.get(t >> 6) ?? 0) + 1);
    }
    return [...counts].filter(([, count]) => count === 32 * 32).map(([readout]) => readout * 64);
  };
  const [off, on] = [times(0), times(1)];
  assert.ok(on.length >= 13 && on.length <= 16, `${on.length}`);
  for (const [index, t] of on.entries()) {
    if (index > 0) assert.ok(Math.abs(t - on[index - 1]! - 10_000) < 600, `${on}`);
    if (off[index] !== undefined) assert.ok(Math.abs(off[index] - t - 5000) < 300, `${off}`);
  }
});
