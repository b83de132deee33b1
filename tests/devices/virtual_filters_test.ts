/**
 * What the blocks behind the pixels do to the events of the virtual camera, through the driver: digital crop, filters,
 * the controller's counts, and the format.
 */

import assert from "node:assert/strict";
import { configureVirtualBus, createDecoder, open, type PropheseeEvk4Changes } from "../../mod.ts";
import { test } from "../support/test.ts";
import {
  allEvents,
  assertSameEvents,
  assertSends,
  type Event,
  firstEvents,
  openCamera,
  withRecording,
} from "./first_events.ts";

const region = { x: 500, y: 200, width: 280, height: 320 };
const liesIn = ({ x, y }: Event) => x >= 500 && x < 780 && y >= 200 && y < 520;

const window = { x: 320, y: 100, width: 640, height: 500 };
const isCropped = ({ x, y }: Event) => x < 320 || x >= 960 || y < 100 || y >= 600;

test("a digital crop sends what lies in its window, told from the sensor's corner or its own", {}, async () => {
  const all = await allEvents();
  const inside = all.filter((event) => !isCropped(event));
  await assertSends({ digitalCrop: window }, inside, { outOf: all.length });
  const moved = inside.map((event) => ({ ...event, x: event.x - 320, y: event.y - 100 }));
  await assertSends({ digitalCrop: { ...window, resetOrigin: true } }, moved);
  const both = inside.filter(liesIn);
  await assertSends({ digitalCrop: window, regionOfInterest: region }, both, { outOf: inside.length });
});

test("the window's first and last column and row are sent", {}, async () => {
  const all = await allEvents();
  const { x, y } = all.find((event) => all.filter((other) => other.x === event.x && other.y === event.y).length > 1)!;
  const events = await firstEvents({ digitalCrop: { x, y, width: 1, height: 1 } });
  assert.deepEqual(events, all.filter((event) => event.x === x && event.y === y));
});

test("each trail filter sends its part of every burst", {}, async () => {
  // x = 5 is brighter at 1, 101, 201, 301 and 1501 µs, and darker at 1601 µs; the file ends with a later row.
  const brighter = 0x2805;
  const times = [1, 101, 201, 301, 1501].flatMap((us) => [0x6000 + us, brighter]);
  const words = [0x8000, 0x6000, 0, ...times, 0x6000 + 1601, brighter - 0x800, 0x8001, 0x6000];
  await withRecording(words, async (path) => {
    const source = { kind: "recording", path } as const;
    const timesOf = async (changes: PropheseeEvk4Changes) => {
      const events = await firstEvents(changes, source);
      // The output begins some loops after the clock; a loop takes 8192 µs.
      return events.map(({ t }) => t - 10 * 8_192).filter((t) => t >= 0 && t < 8_192);
    };
    assert.deepEqual(await timesOf({}), [1, 101, 201, 301, 1501, 1601]);
    for (
      const [type, sent] of [
        ["trail", [1, 1501, 1601]],
        ["stc-cut-trail", [101]],
        ["stc-keep-trail", [101, 201, 301]],
      ] as const
    ) {
      assert.deepEqual(await timesOf({ trailFilter: { type, thresholdUs: 1_000 } }), sent, type);
    }
    // A longer threshold: one burst until it is darker.
    assert.deepEqual(await timesOf({ trailFilter: { type: "trail", thresholdUs: 2_000 } }), [1, 1601]);
    assert.deepEqual(await timesOf({ trailFilter: { type: "stc-cut-trail", thresholdUs: 2_000 } }), [101]);
  });
});

test("the anti-flicker filter drops what flickers in its band, or keeps that alone", {}, async () => {
  // In a loop of 8192 µs (122 Hz) x = 5 is brighter once and darker once; x = 100 is brighter only.
  const words = [0x8000, 0x6001, 0, 0x2805, 0x2864, 0x8001, 0x6001, 0x2005, 0x8001];
  await withRecording(words, async (path) => {
    const columnsOf = async (antiFlicker: PropheseeEvk4Changes["antiFlicker"]) => {
      const events = await firstEvents({ antiFlicker }, { kind: "recording", path });
      return new Set(events.filter(({ t }) => t > 120_000).map(({ x }) => x)); // by then it knows what flickers
    };
    assert.deepEqual(await columnsOf(null), new Set([5, 100]));
    assert.deepEqual(await columnsOf({ minimumHz: 100, maximumHz: 150 }), new Set([100]));
    assert.deepEqual(await columnsOf({ minimumHz: 100, maximumHz: 150, mode: "band-pass" }), new Set([5]));
    assert.deepEqual(await columnsOf({ minimumHz: 140, maximumHz: 520 }), new Set([5, 100]));
  });
});

test("EVT2.1 has the same events as EVT3, decoded and raw", {}, async () => {
  const inOrder = (events: readonly Event[]) =>
    events.toSorted((one, other) => one.t - other.t || one.y - other.y || one.x - other.x || one.on - other.on);
  const all = inOrder(await allEvents());
  assertSameEvents(inOrder(await firstEvents({ eventFormat: "evt2.1" })), all);

  await configureVirtualBus([{ bytesPerSecond: 2e6 }]);
  const configuration = { eventFormat: "evt2.1" } as const;
  await using device = await open({ libusb: "virtual", type: "prophesee-evk4", configuration, raw: true });
  assert.equal(device.configuration.eventFormat, "evt2.1");
  assert.deepEqual(device.decoderOptions, { format: "evt21-legacy", width: 1280, height: 720 });
  assert.throws(() => device.updateConfiguration({ eventFormat: "evt3" }), { code: "unsupported" });
  using decoder = await createDecoder(device.decoderOptions);
  const events: Event[] = [];
  for await (const { packet } of device) {
    for (const { polarityEvents } of decoder.decode(packet)) {
      polarityEvents?.t.forEach((t, index) => {
        events.push({ t, x: polarityEvents.x[index]!, y: polarityEvents.y[index]!, on: polarityEvents.on[index]! });
      });
    }
    if (events.length > 10_000) break;
  }
  const end = events.at(-1)!.t;
  const whole = (list: readonly Event[]) => list.filter(({ t }) => t < end);
  assertSameEvents(inOrder(whole(events)), whole(all));
});

test("the status tells what the rate controller counted, while there is a limit", {}, async () => {
  await using device = await openCamera({ rateLimiter: { maximumEventsPerSecond: 100_000 } });
  for await (const { status: { rateController } } of device) {
    if (rateController?.output === undefined || rateController.input === undefined) continue;
    assert.ok(rateController.output <= 20, `${rateController.output} events in 200 µs`);
    if (rateController.input > rateController.output) break;
  }
});
