/** The library as WebAssembly beside the native one: the same interface, and the same results. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { nativeSymbols } from "../../../ffi/symbols.ts";
import type { EventFormat } from "../../../src/decoder/decoder.ts";
import { NativeDecoder } from "../../../src/decoder/native_decoder.ts";
import type { Library } from "../../../src/native/library.ts";
import { loadNative } from "../../../src/native/native.ts";
import { readNativeText } from "../../../src/native/text.ts";
import type { Packet } from "../../../src/packets/packet.ts";
import { BatchReader } from "../../../src/web/batch_reader.ts";
import { Ring } from "../../../src/web/ring.ts";
import { flows } from "../../../src/web/wasm/flows.ts";
import { createLibrary } from "../../../src/web/wasm/library.ts";
import { decodeAll } from "../../decoder/decoded.ts";
import { randomStream } from "../../decoder/random_streams.ts";
import { atRandom, cutRandomly, Random } from "../../support/random.ts";
import { moduleBytes, moduleNames } from "../../support/web_assembly_modules.ts";

const native = await loadNative();
const libraries = await Promise.all(moduleNames.map(async (name) => {
  return [name, await createLibrary(await WebAssembly.compile(moduleBytes(name)))] as const;
}));

const formats: readonly EventFormat[] = ["evt3", "evt2", "evt21", "evt21-legacy", "evt4"];
const sensor = { width: 640, height: 480 };

function layoutOf(library: Library) {
  return JSON.parse(readNativeText(library.symbols.nd_abi_layout, "describe interface"));
}

test("a module is at most 150 KB", () => {
  for (const name of moduleNames) assert.ok(moduleBytes(name).length <= 150_000, name);
});

for (const [name, library] of libraries) {
  test(`${name}: its blocks and signatures are the native library's`, () => {
    const { signatures, ...tables } = layoutOf(library);
    const { signatures: ofNative, ...nativeTables } = layoutOf(native);
    assert.deepEqual(tables, nativeTables);
    assert.deepEqual(Object.keys(signatures).sort(), Object.keys(flows).sort());
    for (const [symbol, signature] of Object.entries(signatures)) assert.deepEqual(signature, ofNative[symbol], symbol);
  });

  for (const format of formats) {
    test(`${name}: ${format} of any words in any parts is decoded as natively`, () =>
      atRandom((random) => {
        const bytes = randomStream(format, random, 20_000, random.pick(["events", "triggers", undefined]));
        const seed = random.whole(1, 2 ** 31);
        const [ours, theirs] = [library, native].map((one) => {
          const decoder = new NativeDecoder(one, { format, ...sensor });
          const decoded = decodeAll(decoder, cutRandomly(bytes, new Random(seed), 5000));
          const { statistics, currentTime } = decoder;
          const snapshot = decoder.save();
          decoder.close();
          return { decoded, statistics, currentTime, snapshot };
        });
        assert.deepEqual(ours, theirs);
        return Promise.resolve();
      }));
  }
}

test("each function's flows are as many as its buffers", () => {
  for (const [name, ways] of Object.entries(flows)) {
    const { parameters } = nativeSymbols[name as keyof typeof flows];
    assert.equal(ways.length, parameters.filter((type) => type === "buffer").length, name);
  }
});

test("packets stay what they were while the module's memory grows, and buffers that are reused do, too", () => {
  const [, library] = libraries[0]!;
  const bytes = randomStream("evt3", new Random(7), 200_000, "events");
  const expected = decodeAll(new NativeDecoder(native, { format: "evt3", ...sensor }), [bytes]);
  for (const reuseBuffers of [false, true]) {
    const others: NativeDecoder[] = [];
    const decoder = new NativeDecoder(library, { format: "evt3", ...sensor, reuseBuffers });
    const events: number[][] = [];
    const kept = [];
    for (const packet of decoder.decode(bytes)) {
      const { t, x, y, on } = packet.polarityEvents!;
      // Each of these needs a megabyte of the module's memory.
      const other = new NativeDecoder(library, { format: "evt3", ...sensor });
      assert.ok([...other.decode(bytes.subarray(0, 1000))].length > 0);
      others.push(other);
      t.forEach((time, i) => events.push([time, x[i]!, y[i]!, on[i]!]));
      kept.push(packet);
    }
    assert.deepEqual(events, expected.events);
    assert.ok(kept.length > 1, "several packets");
    if (!reuseBuffers) {
      const again = kept.flatMap(({ polarityEvents }) => [...polarityEvents!.t]);
      assert.deepEqual(again, expected.events.map(([t]) => t));
    }
    for (const one of [decoder, ...others]) one.close();
  }
});

test("with reuseBuffers a large packet is a view, valid until its own decoder goes on, and its clone can be moved", () => {
  const [, library] = libraries[0]!;
  const bytes = randomStream("evt3", new Random(7), 200_000, "events");
  const options = { format: "evt3", ...sensor, reuseBuffers: true } as const;
  using decoder = new NativeDecoder(library, options);
  using other = new NativeDecoder(library, options);
  let previous: Packet | undefined;
  let large = 0;
  for (const packet of decoder.decode(bytes)) {
    assert.equal(previous?.polarityEvents?.t.length ?? 0, 0, "the one before is detached");
    previous = packet;
    const { polarityEvents, buffer } = packet;
    const events = polarityEvents!.t.length;
    const copy = packet.clone();
    for (const { polarityEvents } of other.decode(bytes)) assert.ok(polarityEvents!.t.length > 0);
    other.save();
    decoder.save();
    assert.ok(decoder.statistics.words > 0);
    assert.ok(isDeepStrictEqual(polarityEvents, copy.polarityEvents), "calls change nothing");
    if (events < 10_000) continue;
    large += 1;
    assert.throws(() => structuredClone(polarityEvents, { transfer: [buffer] }), "memory of a module cannot move");
    assert.equal(polarityEvents!.t.length, events);
    const moved = structuredClone(copy.polarityEvents!, { transfer: [copy.buffer] });
    assert.deepEqual([moved.t.length, copy.polarityEvents!.t.length], [events, 0]);
  }
  assert.ok(large > 1, `${large} large packets`);
  assert.ok(previous!.polarityEvents!.t.length > 0);
  decoder.close();
  assert.equal(previous!.polarityEvents!.t.length, 0, "closing detaches the last");
});

test("packets of a ring that are asked for together stay with their holders, also where memory is lent", () => {
  const [, library] = libraries[0]!;
  const bytes = randomStream("evt3", new Random(7), 200_000, "events");
  using decoder = new NativeDecoder(library, { format: "evt3", ...sensor, reuseBuffers: true });
  const ring = new Ring(16 << 20, "evt3");
  ring.push(bytes, 1000);
  const reader = new BatchReader(ring, {
    format: "evt3",
    decoder,
    maximumRawPackets: 0,
    reuseBuffers: true,
    missing: () => 0,
  });
  const packets = [true, false, true, true].map((mayReuse) => reader.read(mayReuse)!.packet as Packet);
  const lengths = packets.map(({ polarityEvents }) => polarityEvents!.t.length);
  assert.deepEqual(lengths.map((length) => length > 0), [true, false, false, true]);
  const [first] = decodeAll(new NativeDecoder(native, { format: "evt3", ...sensor }), [bytes]).events;
  assert.equal(packets[0]!.polarityEvents!.t[0], first![0]);
  reader.close();
  assert.equal(packets[0]!.polarityEvents!.t.length, lengths[0], "nor is the first one detached later");
});

test("packets are lent also after a backlog was thrown away, which leaves the last packet as it is", () => {
  const [, library] = libraries[0]!;
  const bytes = randomStream("evt3", new Random(7), 200_000, "events");
  using decoder = new NativeDecoder(library, { format: "evt3", ...sensor, reuseBuffers: true });
  const ring = new Ring(16 << 20, "evt3");
  const rest = { maximumRawPackets: 0, reuseBuffers: true, missing: () => 0 };
  const reader = new BatchReader(ring, { format: "evt3", decoder, ...rest });
  const read = () => {
    ring.push(bytes, 1000);
    const { buffer, polarityEvents } = reader.read(true)!.packet as Packet;
    assert.throws(() => structuredClone(buffer, { transfer: [buffer] }), "it is the module's memory");
    return polarityEvents!;
  };
  const first = read();
  const before = structuredClone(first);
  reader.discard(0);
  assert.ok(isDeepStrictEqual(first, before));
  const second = read();
  assert.deepEqual([first.t.length, second.t.length > 10_000], [0, true]);
  reader.close();
});
