/** Events to words and back. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createDecoder,
  createEncoder,
  type EncodableEvents,
  type EncodedFormat,
  type EncoderOptions,
  open,
} from "../../mod.ts";
import { skipWithoutRecording } from "../decoder/recording.ts";
import { atRandom } from "../support/random.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { sharedFile } from "../support/shared.ts";
import { events, randomScene, triggers } from "./encoded.ts";

const formats: readonly EncodedFormat[] = ["evt3", "evt2", "evt21", "evt21-legacy"];
const sensor = { width: 640, height: 480 };

/** All columns of a stream, as arrays. */
async function decoded(format: EncodedFormat, bytes: Uint8Array): Promise<Record<string, number[]>> {
  using decoder = await createDecoder({ format, ...sensor });
  const all: Record<string, number[]> = { t: [], x: [], y: [], on: [], triggerT: [], id: [], edge: [] };
  for (const { polarityEvents, triggerEvents } of decoder.decode(bytes)) {
    for (const name of ["t", "x", "y", "on"] as const) all[name]!.push(...polarityEvents?.[name] ?? []);
    all.triggerT!.push(...triggerEvents?.t ?? []);
    for (const name of ["id", "edge"] as const) all[name]!.push(...triggerEvents?.[name] ?? []);
  }
  assert.equal(decoder.statistics.timeDiscontinuities, 0);
  return all;
}

function asArrays({ polarityEvents, triggerEvents }: EncodableEvents): Record<string, number[]> {
  return {
    t: [...polarityEvents!.t],
    x: [...polarityEvents!.x],
    y: [...polarityEvents!.y],
    on: [...polarityEvents!.on],
    triggerT: [...triggerEvents!.t],
    id: [...triggerEvents!.id],
    edge: [...triggerEvents!.edge],
  };
}

/** Parts of a scene that a program may get one after the other. */
function* cut({ polarityEvents, triggerEvents }: EncodableEvents, size: number): Generator<EncodableEvents> {
  const { t, x, y, on } = polarityEvents!;
  let trigger = 0;
  for (let start = 0; start < t.length; start += size) {
    const end = Math.min(t.length, start + size);
    const first = trigger;
    const isLast = end === t.length;
    while (trigger < triggerEvents!.t.length && (isLast || triggerEvents!.t[trigger]! <= t[end - 1]!)) trigger++;
    const part = [start, end] as const;
    yield {
      polarityEvents: {
        t: t.subarray(...part),
        x: x.subarray(...part),
        y: y.subarray(...part),
        on: on.subarray(...part),
      },
      triggerEvents: {
        t: triggerEvents!.t.subarray(first, trigger),
        id: triggerEvents!.id.subarray(first, trigger),
        edge: triggerEvents!.edge.subarray(first, trigger),
      },
    };
  }
}

for (const format of formats) {
  test(`${format}: decoding gives what was encoded, in one call or in many`, async () => {
    await atRandom(async (random) => {
      const scene = randomScene(random, sensor.width, sensor.height);
      using encoder = await createEncoder({ format, ...sensor });
      assert.deepEqual(await decoded(format, encoder.encode(scene)), asArrays(scene));
      encoder.reset();
      const parts = [...cut(scene, random.whole(1, 300))].map((part) => encoder.encode(part));
      assert.deepEqual(await decoded(format, Uint8Array.from(parts.flatMap((part) => [...part]))), asArrays(scene));
    });
  });
}

test("the words of EVT3", async () => {
  using encoder = await createEncoder({ format: "evt3", width: 1280, height: 720 });
  const bytes = encoder.encode({
    polarityEvents: events([[20487, 200, 100, 1], [20487, 201, 100, 0]]),
    triggerEvents: triggers([[20487, 6, 1]]),
  });
  const words = [...new Uint16Array(bytes.buffer)].map((word) => word.toString(16));
  assert.deepEqual(words, ["8005", "6007", "a601", "64", "28c8", "20c9"]);
});

test("what has no events has no bytes, and a packet of a decoder is encoded as it is", async () => {
  using encoder = await createEncoder({ format: "evt2", ...sensor });
  assert.equal(encoder.encode({}).length, 0);
  assert.equal(encoder.encode({ polarityEvents: events([]), triggerEvents: undefined }).length, 0);
  const bytes = encoder.encode({ polarityEvents: events([[133, 100, 200, 1]]) });
  using decoder = await createDecoder({ format: "evt2", ...sensor });
  encoder.reset();
  for (const packet of decoder.decode(bytes)) assert.deepEqual(encoder.encode(packet), bytes);
});

test("a first time behind wraps of EVT3's counter begins with them, and more than the room of a call is joined", async () => {
  using encoder = await createEncoder({ format: "evt3", ...sensor });
  const hours = 3 * 3600e6 + 17;
  const scene = { polarityEvents: events([[hours, 1, 2, 1]]), triggerEvents: triggers([]) };
  const bytes = encoder.encode(scene);
  assert.ok(bytes.length > 2 ** 20, `${bytes.length} bytes`);
  using decoder = await createDecoder({ format: "evt3", ...sensor });
  assert.deepEqual([...decoder.decode(bytes)].map(({ polarityEvents }) => [...polarityEvents!.t]), [[hours]]);
});

test("words are not longer than the sensor's", { skip: skipWithoutRecording }, async () => {
  const words = wordsOfRawFile(sharedFile("data/evt3_gen41.raw").path);
  using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  using encoder = await createEncoder({ format: "evt3", width: 1280, height: 720 });
  let length = 0;
  for (const packet of decoder.decode(words)) length += encoder.encode(packet).length;
  assert.ok(length < words.length, `${length} of ${words.length}`);
});

test("words are hardly longer than those of the virtual camera's sensor", async () => {
  await using device = await open({ libusb: "virtual", raw: true });
  using decoder = await createDecoder(device.decoderOptions);
  const { width, height } = device.properties;
  using encoder = await createEncoder({ format: "evt3", width, height });
  let [sent, length] = [0, 0];
  for await (const { packet } of device) {
    sent += packet.length;
    for (const events of decoder.decode(packet)) length += encoder.encode(events).length;
    if (sent > 1e6) break;
  }
  assert.ok(length < 1.05 * sent, `${length} for ${sent}`);
  assert.ok(length > 0.9 * sent, `${length} for ${sent}`);
});

const two = { polarityEvents: events([[1000, 1, 1, 1], [1000, 2, 1, 1]]), triggerEvents: triggers([[1000, 1, 1]]) };

/** Two events and a trigger with one value changed. */
function changed(column: "t" | "x" | "y" | "on" | "triggerT" | "id" | "edge", value: number): EncodableEvents {
  const copy = structuredClone(two);
  const { polarityEvents: { t, x, y, on }, triggerEvents: { t: triggerT, id, edge } } = copy;
  const index = ["triggerT", "id", "edge"].includes(column) ? 0 : 1;
  ({ t, x, y, on, triggerT, id, edge })[column][index] = value;
  return copy;
}

const rangeErrors = [
  [changed("t", 1000.5), "polarityEvents.t[1] must be a whole number of µs from 0 on, not 1000.5"],
  [changed("t", NaN), "polarityEvents.t[1] must be a whole number of µs from 0 on, not NaN"],
  [changed("t", 999), "polarityEvents.t[1] must be at least 1000, the time before it, not 999"],
  [changed("x", 640), "polarityEvents.x[1] must be a whole number from 0 to 639, not 640"],
  [changed("y", 480), "polarityEvents.y[1] must be a whole number from 0 to 479, not 480"],
  [changed("on", 2), "polarityEvents.on[1] must be 0 or 1, not 2"],
  [changed("triggerT", -1), "triggerEvents.t[0] must be a whole number of µs from 0 on, not -1"],
] as const;

const unsupported = [
  [
    "evt3",
    changed("t", 2 ** 42),
    "evt3 holds times up to 4398046511103 µs, not 4398046511104 (polarityEvents, index 1)",
  ],
  ["evt2", changed("t", 2 ** 34), "evt2 holds times up to 17179869183 µs, not 17179869184 (polarityEvents, index 1)"],
  [
    "evt21",
    changed("triggerT", 2 ** 34),
    "evt21 holds times up to 17179869183 µs, not 17179869184 (triggerEvents, index 0)",
  ],
  ["evt3", changed("id", 16), "evt3 holds trigger inputs 0 to 15, not 16 (triggerEvents, index 0)"],
  ["evt21-legacy", changed("id", 32), "evt21-legacy holds trigger inputs 0 to 31, not 32 (triggerEvents, index 0)"],
  ["evt2", changed("edge", 2), "evt2 holds edges of triggers, 0 and 1, not 2 (triggerEvents, index 0)"],
] as const;

test("a value that no format holds is a RangeError with its column and index, and changes nothing", async () => {
  for (const format of formats) {
    using encoder = await createEncoder({ format, ...sensor });
    for (const [given, message] of rangeErrors) {
      assert.throws(() => encoder.encode(given), { name: "RangeError", message });
    }
    using other = await createEncoder({ format, ...sensor });
    assert.deepEqual(encoder.encode(two), other.encode(two));
    assert.throws(() => encoder.encode({ polarityEvents: events([[999, 1, 1, 1]]) }), {
      name: "RangeError",
      message: "polarityEvents.t[0] must be at least 1000, the last time of the calls before, not 999",
    });
  }
});

test("what a format does not hold is unsupported, with the format and the index", async () => {
  for (const [format, given, message] of unsupported) {
    using encoder = await createEncoder({ format, ...sensor });
    assert.throws(() => encoder.encode(given), { name: "NeuromorphicError", code: "unsupported", message });
  }
});

test("columns of another kind are refused, by their names", async () => {
  using encoder = await createEncoder({ format: "evt3", ...sensor });
  const { t, x, y, on } = two.polarityEvents;
  const wrong: [unknown, string][] = [
    [undefined, "events must be a packet, or an object with polarityEvents or triggerEvents, not undefined"],
    [
      two.polarityEvents,
      "events must be a packet, or an object with polarityEvents or triggerEvents, not an object with t, x, y, on",
    ],
    [
      { status: {}, packet: two },
      "events must be a packet, or an object with polarityEvents or triggerEvents, not an object with status, packet",
    ],
    [{ polarityEvents: [1] }, "polarityEvents.t must be a Float64Array, not undefined"],
    [{ polarityEvents: { t: [...t], x, y, on } }, "polarityEvents.t must be a Float64Array, not an array"],
    [
      { polarityEvents: { t, x: new Uint32Array(2), y, on } },
      "polarityEvents.x must be a Uint16Array, not an object (Uint32Array)",
    ],
    [{ polarityEvents: { t, x, y } }, "polarityEvents.on must be a Uint8Array, not undefined"],
    [
      { polarityEvents: { t, x, y: y.subarray(1), on } },
      "polarityEvents.y must be as long as polarityEvents.t (2 events), not 1",
    ],
  ];
  for (const [given, message] of wrong) {
    assert.throws(() => encoder.encode(given as EncodableEvents), { name: "TypeError", message });
  }
  const gone = structuredClone(two);
  structuredClone(gone.polarityEvents.t, { transfer: [gone.polarityEvents.t.buffer] });
  assert.throws(
    () => encoder.encode({ polarityEvents: { ...gone.polarityEvents, x: x.slice(2), y: y.slice(2), on: on.slice(2) } }),
    {
      name: "TypeError",
      message: /^polarityEvents.t must not be detached/,
    },
  );
});

test("options are checked, and a closed encoder says so", async () => {
  const wrong: [unknown, RegExp][] = [
    [{ format: "evt5", ...sensor }, /^format must be one of .*; did you mean "evt3"|"evt2"/],
    [{ format: "evt3", width: 0, height: 1 }, /^width must be a whole number from 1 to 2048, not 0/],
    [{ format: "evt3", width: 1 }, /^height must be/],
    [{ format: "evt3", ...sensor, raw: true }, /^createEncoder has no option "raw"/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(createEncoder(options as EncoderOptions), ({ message: told }: Error) => message.test(told));
  }
  const encoder = await createEncoder({ format: "evt3", ...sensor });
  encoder.close();
  encoder[Symbol.dispose]();
  assert.throws(() => encoder.encode(two), { name: "NeuromorphicError", code: "closed" });
  assert.throws(() => encoder.reset(), { name: "NeuromorphicError", code: "closed" });
});
