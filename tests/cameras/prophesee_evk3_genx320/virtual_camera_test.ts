/** An EVK3 GenX320 on the virtual bus, as programs use it. The camera follows the facts, so this also checks what is written. */

import assert from "node:assert/strict";
import {
  configureVirtualBus,
  type Device,
  open,
  type Packet,
  type PropheseeEvk3Genx320Changes,
  type VirtualCameraModel,
  type VirtualSource,
} from "../../../mod.ts";
import {
  changedPhases,
  compareOneByOne,
  type KnownEvent,
  makeKnownEvents,
  recordKnownEvents,
  windowUs,
} from "../../strangers/known_events.ts";
import { atRandom } from "../../support/random.ts";
import { writeRecording } from "../../support/recording.ts";
import { test } from "../../support/test_on_bus.ts";

type Camera = Device<"prophesee-evk3-genx320", Packet>;

const type = "prophesee-evk3-genx320";
const virtual = { libusb: "virtual", type } as const;

async function openCamera(
  configuration: PropheseeEvk3Genx320Changes,
  source: VirtualSource,
  model: VirtualCameraModel = "evk3-genx320",
): Promise<Camera> {
  await configureVirtualBus([{ model, source }]);
  return await open({ ...virtual, configuration });
}

/** Has a camera play known events. */
async function withKnownEvents(
  use: (known: readonly KnownEvent[], source: VirtualSource) => Promise<void>,
): Promise<void> {
  await atRandom(async (random) => {
    const known = makeKnownEvents(random, { width: 320, height: 320 });
    const recording = recordKnownEvents(known);
    try {
      await use(known, { kind: "recording", path: recording.path });
    } finally {
      recording.remove();
    }
  });
}

function* eventsOf({ polarityEvents }: Packet): Generator<KnownEvent> {
  if (polarityEvents === undefined) return;
  const { t, x, y, on } = polarityEvents;
  for (let index = 0; index < t.length; ++index) {
    yield { t: t[index]!, x: x[index]!, y: y[index]!, on: on[index] === 1 };
  }
}

/** A change takes effect long before so many loops have come: 4 s. */
const PATIENCE_LOOPS = 30;

/** The next whole loops of the recording, one behind the other, that are as wanted; fails where they do not come. */
async function loops(
  device: Camera,
  wanted: (events: readonly KnownEvent[]) => boolean = () => true,
  count = 2,
): Promise<KnownEvent[]> {
  let [found, loop]: KnownEvent[][] = [[], []];
  let [number, isWhole, loopsFound, loopsSeen] = [-1, false, 0, 0];
  for await (const { packet, status } of device) {
    assert.equal(status.droppedBytes, 0);
    for (const event of eventsOf(packet)) {
      const own = Math.floor(event.t / windowUs);
      if (own !== number) {
        if (isWhole && wanted(loop!)) {
          found = [...found!, ...loop!];
          loopsFound += 1;
        } else {
          [found, loopsFound] = [[], 0];
        }
        assert.ok(++loopsSeen < PATIENCE_LOOPS, `the last loop had ${loop!.length} events`);
        isWhole = own === number + 1; // not the loop in which reading begins, nor one after an empty one
        [number, loop] = [own, []];
      }
      loop!.push(event);
    }
    if (loopsFound >= count) return found!;
  }
  assert.fail("the camera ended");
}

/** Waits for a change, and compares each event behind it. */
async function assertSends(
  device: Camera,
  known: readonly KnownEvent[],
  isKept: (event: KnownEvent) => boolean,
): Promise<void> {
  const expected = known.filter(isKept).length;
  compareOneByOne(await loops(device, (events) => events.length === expected && events.every(isKept)), known, isKept);
}

for (
  const { model, sensor, formats } of [
    { model: "evk3-genx320", sensor: "GenX320MP", formats: ["evt2.1", "evt2", "evt3"] },
    { model: "evk3-genx320-es", sensor: "GenX320", formats: ["evt2.1", "evt2"] },
  ] as const
) {
  test(`each event of a ${sensor} arrives, in each format, and after the camera was closed`, async () => {
    await withKnownEvents(async (known, source) => {
      await configureVirtualBus([{ model, source }]);
      for (const eventFormat of [...formats, formats[0]]) {
        using device = await open({ ...virtual, configuration: { eventFormat } });
        assert.deepEqual([device.name, device.firmware.version], ["Prophesee EVKCX3", "3.12.0"]);
        assert.deepEqual(device.properties, { width: 320, height: 320, sensor: `Prophesee ${sensor}` });
        compareOneByOne(await loops(device), known, () => true);
      }
    });
  });
}

const windows = [{ x: 40, y: 20, width: 100, height: 200 }, { x: 200, y: 150, width: 60, height: 170 }];
const isInWindow = ({ x, y }: KnownEvent) =>
  windows.some((each) => x >= each.x && x < each.x + each.width && y >= each.y && y < each.y + each.height);

test("regions and single pixels leave events out, at the opening and live", async () => {
  await withKnownEvents(async (known, source) => {
    using device = await openCamera({ regionOfInterest: windows }, source);
    await assertSends(device, known, isInWindow);
    device.updateConfiguration({ regionOfNonInterest: windows });
    await assertSends(device, known, (event) => !isInWindow(event));
    for (const count of [16, 100]) { // those that fit the slots, and more
      const pixelMask = known.slice(0, count).map(({ x, y }) => ({ x, y }));
      device.updateConfiguration({ regionOfNonInterest: null, pixelMask });
      await assertSends(device, known, ({ x, y }) => !pixelMask.some((pixel) => pixel.x === x && pixel.y === y));
    }
    device.updateConfiguration({ pixelMask: [] });
    await assertSends(device, known, () => true);
  });
});

test("a region of an earlier opening is gone in the next one", async () => {
  await withKnownEvents(async (known, source) => {
    await configureVirtualBus([{ model: "evk3-genx320", source }]);
    for (const regionOfInterest of [windows, null]) {
      using device = await open({ ...virtual, configuration: { regionOfInterest } });
      await assertSends(device, known, regionOfInterest === null ? () => true : isInWindow);
    }
  });
});

test("a digital crop sends what lies in its window, told from the sensor's corner or its own", async () => {
  await withKnownEvents(async (known, source) => {
    const digitalCrop = { x: 64, y: 51, width: 150, height: 200 };
    const isInside = ({ x, y }: KnownEvent) => x >= 64 && x < 214 && y >= 51 && y < 251;
    using device = await openCamera({ digitalCrop }, source);
    await assertSends(device, known, isInside);
    device.updateConfiguration({ digitalCrop: { ...digitalCrop, resetOrigin: true } });
    const moved = known.filter(isInside).map((event) => ({ ...event, x: event.x - 64, y: event.y - 51 }));
    const isMoved = ({ x, y }: KnownEvent) => x < 150 && y < 200;
    compareOneByOne(await loops(device, (events) => events.every(isMoved)), moved, () => true);
    device.updateConfiguration({ digitalCrop: null });
    await assertSends(device, known, () => true);
  });
});

test("biases are written live, and what is not recommended is refused before that", async () => {
  const { check } = changedPhases.find(({ name }) => name === "biases")!;
  await withKnownEvents(async (known, source) => {
    using device = await openCamera({}, source);
    await assertSends(device, known, () => true);
    const { biases } = device.configuration;
    assert.throws(() => device.updateConfiguration({ biases: { diffOn: 90 } }), RangeError);
    assert.deepEqual(device.configuration.biases, biases);
    device.updateConfiguration({ biases: { diffOn: 90 }, beyondRecommendedBiases: true });
    const onOf = (events: readonly KnownEvent[]) => events.filter(({ on }) => on).length;
    check(await loops(device, (events) => onOf(events) < 0.3 * onOf(known)), known);
    device.updateConfiguration({ biases });
    await assertSends(device, known, () => true);
  });
});

test("the rate limiter lets its events through, and counts them", async () => {
  const { check } = changedPhases.find(({ name }) => name === "limiter")!;
  await withKnownEvents(async (known, source) => {
    const rateLimiter = { referencePeriodUs: 1_000, maximumEventsPerPeriod: 20 };
    using device = await openCamera({ rateLimiter }, source);
    check(await loops(device), known);
    for await (const { status: { rateController } } of device) {
      if (rateController?.output === undefined || rateController.input === undefined) continue;
      assert.ok(rateController.output <= 20, `${rateController.output} events in 1000 µs`);
      if (rateController.input > rateController.output) break;
    }
    device.updateConfiguration({ rateLimiter: null });
    await assertSends(device, known, () => true);
  });
});

/** Has a camera play words of EVT3. */
async function withWords(words: readonly number[], use: (source: VirtualSource) => Promise<void>): Promise<void> {
  const recording = writeRecording(words);
  try {
    await use({ kind: "recording", path: recording.path });
  } finally {
    recording.remove();
  }
}

/** The first events up to a time. */
async function firstEvents(
  configuration: PropheseeEvk3Genx320Changes,
  source: VirtualSource,
  endUs: number,
): Promise<KnownEvent[]> {
  using device = await openCamera(configuration, source);
  const events: KnownEvent[] = [];
  for await (const { packet } of device) {
    events.push(...eventsOf(packet));
    if ((events.at(-1)?.t ?? 0) >= endUs) return events;
  }
  assert.fail("the camera ended");
}

test("each trail filter sends its part of every burst", async () => {
  // x = 5 is brighter at 1, 101, 201, 301 and 1501 µs, and darker at 1601 µs, in each loop of 8192 µs.
  const times = [1, 101, 201, 301, 1501].flatMap((us) => [0x6000 + us, 0x2805]);
  await withWords([0x8000, 0x6000, 0, ...times, 0x6000 + 1601, 0x2005, 0x8001, 0x6000], async (source) => {
    for (
      const [type, sent] of [
        ["trail", [1, 1501, 1601]],
        ["stc-cut-trail", [101]],
        ["stc-keep-trail", [101, 201, 301]],
      ] as const
    ) {
      const events = await firstEvents({ trailFilter: { type, thresholdUs: 1_000 } }, source, 100_000);
      assert.deepEqual(new Set(events.map(({ t }) => t % 8_192)), new Set(sent), type);
    }
  });
});

test("the anti-flicker filter drops what flickers in its band, or keeps that alone", async () => {
  // In a loop of 8192 µs (122 Hz) x = 5 is brighter once and darker once; x = 100 is brighter only.
  await withWords([0x8000, 0x6001, 0, 0x2805, 0x2864, 0x8001, 0x6001, 0x2005, 0x8001], async (source) => {
    const columnsOf = async (antiFlicker: PropheseeEvk3Genx320Changes["antiFlicker"]) => {
      const events = await firstEvents({ antiFlicker }, source, 180_000);
      return new Set(events.filter(({ t }) => t > 120_000).map(({ x }) => x)); // by then it knows what flickers
    };
    assert.deepEqual(await columnsOf(null), new Set([5, 100]));
    assert.deepEqual(await columnsOf({ minimumHz: 100, maximumHz: 150 }), new Set([100]));
    assert.deepEqual(await columnsOf({ minimumHz: 100, maximumHz: 150, mode: "band-pass" }), new Set([5]));
  });
});
