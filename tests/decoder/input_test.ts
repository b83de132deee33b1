/** What may be given to `decode`, and what becomes of bytes that change their place or length while they are decoded. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { createDecoder, type Decoder, type EventFormat } from "../../mod.ts";
import { NativeDecoder } from "../../src/decoder/native_decoder.ts";
import { packetCapacityOf } from "../../src/decoder/packet_capacity.ts";
import { loadLibrary } from "../../src/native/library.ts";
import { loadNative, type Native } from "../../src/native/native.ts";
import { eventsOf } from "./decoded.ts";
import { bytesOf32, bytesOf64, timeHigh, vector, widened } from "./evt2_words.ts";
import { bytesOf16, flashes, preamble } from "./evt3_words.ts";

const sensor = { width: 1280, height: 720 };

/** 240,000 events, which take four packets, and a time after them. */
const words = [...preamble, ...flashes(20_000), 0x6009];
const stream = bytesOf16(words);
const streamEvents = 240_000;

/** A row and an event in it, ON at x 5. */
const next = bytesOf16([0x0065, 0x2805]);

function evt3(): Promise<Decoder> {
  return createDecoder({ format: "evt3", ...sensor });
}

/** Takes all packets; returns the number of events. */
function count(decoder: Decoder, bytes: Uint8Array): number {
  let events = 0;
  for (const { polarityEvents } of decoder.decode(bytes)) events += polarityEvents!.t.length;
  return events;
}

/** Each byte of the stream was decoded, and none twice. */
function assertDecodedOnce(decoder: Decoder): void {
  assert.equal(decoder.statistics.words, words.length);
  assert.equal(decoder.statistics.polarityEvents, streamEvents);
  assert.equal(decoder.currentTime, 4105);
}

function moveAway(bytes: Uint8Array<ArrayBuffer>): void {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
}

/** The stream in an array of this kind. */
function filled<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
  bytes.set(stream);
  return bytes;
}

const { length } = stream;
const pages = Math.ceil(length / 2 ** 16) + 1;
const arrays: Readonly<Record<string, () => Uint8Array>> = {
  "a Buffer of Node": () => Buffer.from(stream),
  "a view at an odd offset": () => filled(new Uint8Array(new ArrayBuffer(length + 9), 3, length)),
  "shared memory": () => filled(new Uint8Array(new SharedArrayBuffer(length))),
  "a resizable buffer": () => filled(new Uint8Array(new ArrayBuffer(length, { maxByteLength: 2 * length }))),
  "growable shared memory": () => {
    return filled(new Uint8Array(new SharedArrayBuffer(length, { maxByteLength: 2 * length })));
  },
  "WebAssembly's memory": () => {
    return filled(new Uint8Array(new WebAssembly.Memory({ initial: pages }).buffer, 17, length));
  },
  "WebAssembly's shared memory": () => {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    return filled(new Uint8Array(memory.buffer, 17, length));
  },
};

for (const [kind, make] of Object.entries(arrays)) {
  test(`${kind} is decoded`, async () => {
    const decoder = await evt3();
    assert.equal(count(decoder, make()), streamEvents);
    assertDecodedOnce(decoder);
    decoder.close();
  });
}

test("a subclass that cannot be made anew is decoded, each byte once", async () => {
  let made = 0;
  class Unrepeatable extends Uint8Array {
    constructor(length: number) {
      super(length);
      made += 1;
      if (made > 1) throw new Error("made a second time");
    }
    static get [Symbol.species](): never {
      throw new Error("asked for its species");
    }
  }
  const decoder = await evt3();
  assert.equal(count(decoder, filled(new Unrepeatable(length))), streamEvents);
  assertDecodedOnce(decoder);
  assert.deepEqual(eventsOf(decoder.decode(next)), [[4105, 5, 101, 1]]);
  decoder.close();
});

test("what an array says of its length, place and parts is not believed", async () => {
  class Liar extends Uint8Array<ArrayBuffer> {
    override get length(): number {
      return 2 ** 20;
    }
    override get byteLength(): number {
      return 2 ** 20;
    }
    override get byteOffset(): number {
      return 2;
    }
    override get buffer(): ArrayBuffer {
      return new ArrayBuffer(2 ** 20);
    }
    override subarray(): Uint8Array<ArrayBuffer> {
      throw new Error("asked for a part");
    }
  }
  const liar = Object.defineProperty(filled(new Uint8Array(length)), "length", { value: 2 ** 20 });
  for (const bytes of [filled(new Liar(new ArrayBuffer(length))), liar]) {
    const decoder = await evt3();
    assert.equal(count(decoder, bytes), streamEvents);
    assertDecodedOnce(decoder);
    decoder.close();
  }
});

test("a call that fails after its bytes were decoded does not decode them again, nor hinders the next", async () => {
  const native = await loadNative();
  let fails = true;
  const nd_decoder_decode: Native["symbols"]["nd_decoder_decode"] = (...parameters) => {
    const status = native.symbols.nd_decoder_decode(...parameters);
    if (fails) throw new Error("after the call");
    return status;
  };
  const symbols = { ...native.symbols, nd_decoder_decode };
  const decoder = new NativeDecoder({ ...native, symbols }, { format: "evt3", ...sensor });
  assert.throws(() => count(decoder, bytesOf16([...preamble, 0x2801])), /after the call/);
  assert.equal(decoder.statistics.words, 4);
  fails = false;
  assert.deepEqual(eventsOf(decoder.decode(next)), [[4103, 5, 101, 1]]);
  assert.equal(decoder.statistics.words, 6);
  decoder.close();
});

test("an array without memory is refused by name, an empty one is not", async () => {
  const decoder = await evt3();
  const moved = new Uint8Array(4);
  moveAway(moved);
  assert.throws(() => decoder.decode(moved), { name: "TypeError", message: /^bytes must not be detached/ });
  const buffer = new ArrayBuffer(8, { maxByteLength: 8 });
  const beyond = new Uint8Array(buffer, 4, 4);
  buffer.resize(4);
  assert.throws(() => decoder.decode(beyond), { name: "TypeError", message: /^bytes must not be detached/ });
  assert.throws(() => decoder.decode(Object.create(Uint8Array.prototype)), TypeError);
  assert.throws(() => decoder.decode(new Int8Array(4) as unknown as Uint8Array), /bytes must be a Uint8Array/);
  assert.equal(count(decoder, new Uint8Array(0)), 0);
  assert.equal(count(decoder, new Uint8Array(buffer, 4)), 0);
  decoder.close();
});

test("a refused call leaves the packets of the call before", async () => {
  const decoder = await evt3();
  const moved = new Uint8Array(4);
  moveAway(moved);
  let events = 0;
  for (const { polarityEvents } of decoder.decode(stream)) {
    assert.throws(() => decoder.decode(moved), TypeError);
    events += polarityEvents!.t.length;
  }
  assert.equal(events, streamEvents);
  decoder.close();
});

/** Each way in which bytes are lost while their packets are taken. */
const losses: Readonly<Record<string, () => { readonly bytes: Uint8Array; lose(): void }>> = {
  "are moved away": () => {
    const bytes = stream.slice();
    return { bytes, lose: () => moveAway(bytes) };
  },
  "become shorter with their buffer": () => {
    const buffer = new ArrayBuffer(length, { maxByteLength: length });
    return { bytes: filled(new Uint8Array(buffer)), lose: () => buffer.resize(length - 2) };
  },
  "lie beyond the end of a buffer that became shorter": () => {
    const buffer = new ArrayBuffer(length, { maxByteLength: length });
    return { bytes: filled(new Uint8Array(buffer, 0, length)), lose: () => buffer.resize(length - 2) };
  },
  "lie in WebAssembly's memory, which grows": () => {
    const memory = new WebAssembly.Memory({ initial: pages });
    return { bytes: filled(new Uint8Array(memory.buffer, 0, length)), lose: () => void memory.grow(1) };
  },
};

for (const [way, make] of Object.entries(losses)) {
  test(`bytes that ${way} end the loop with a TypeError; the decoder goes on from those before`, async () => {
    const decoder = await evt3();
    const { bytes, lose } = make();
    let events = 0;
    assert.throws(() => {
      for (const { polarityEvents } of decoder.decode(bytes)) {
        events += polarityEvents!.t.length;
        lose();
      }
    }, { name: "TypeError", message: new RegExp(`^bytes were detached .* the last \\d+ of ${length} are lost$`) });
    assert.equal(decoder.statistics.polarityEvents, events, "one packet");
    assert.ok(events < streamEvents);
    assert.equal(decoder.currentTime, 4103);
    assert.deepEqual(eventsOf(decoder.decode(next)), [[4103, 5, 101, 1]]);
    decoder.close();
  });
}

test("an array that grows with its buffer is decoded as far as it went", async () => {
  const buffer = new ArrayBuffer(length, { maxByteLength: 2 * length });
  const decoder = await evt3();
  let events = 0;
  for (const { polarityEvents } of decoder.decode(filled(new Uint8Array(buffer)))) {
    events += polarityEvents!.t.length;
    buffer.resize(2 * length);
  }
  assert.equal(events, streamEvents);
  assertDecodedOnce(decoder);
  decoder.close();
});

test("bytes that are moved away before anybody took their packets: the next call says so, the one after works", async () => {
  const decoder = await evt3();
  const bytes = stream.slice();
  decoder.decode(bytes);
  moveAway(bytes);
  assert.throws(() => decoder.decode(next), /the last 80008 of 80008 are lost/);
  assert.equal(decoder.statistics.words, 0);
  assert.equal(count(decoder, stream), streamEvents);
  decoder.close();
});

test("who moves the bytes away and leaves the loop is told what is lost", async () => {
  const decoder = await evt3();
  const bytes = stream.slice();
  assert.throws(() => {
    for (const _ of decoder.decode(bytes)) {
      moveAway(bytes);
      break;
    }
  }, /are lost/);
  assert.deepEqual(eventsOf(decoder.decode(next)), [[4103, 5, 101, 1]]);
  decoder.close();
});

// Three pixels a group: neither 65,536 events nor half as many end with a group.
const group = vector(1, 5, 32, 100, 0x70);
const groupOfEvt4 = [0xd000_0000 + (5 << 22) + (32 << 11) + 100, 0x70];
const groups = {
  evt21: (count: number) => bytesOf64([widened(timeHigh(1)), ...Array(count).fill(group)], "little"),
  "evt21-legacy": (count: number) => bytesOf64([widened(timeHigh(1)), ...Array(count).fill(group)], "legacy"),
  evt4: (count: number) => bytesOf32([0xe000_0001, ...Array(count).fill(groupOfEvt4).flat()]),
} as const;

for (const [format, bytesOf] of Object.entries(groups)) {
  test(`${format}: a word that the end of a packet cut takes no pixels of the next one, if its bytes are gone`, async () => {
    const decoder = await createDecoder({ format: format as EventFormat, ...sensor });
    const bytes = bytesOf(30_000);
    assert.throws(() => {
      for (const _ of decoder.decode(bytes)) moveAway(bytes);
    }, /are lost/);
    const { polarity: room } = packetCapacityOf(await loadLibrary());
    const begun = Math.ceil(room / 3);
    assert.equal(decoder.statistics.words, 1 + begun * (format === "evt4" ? 2 : 1));
    assert.equal(decoder.statistics.polarityEvents, 3 * begun);
    assert.deepEqual(eventsOf(decoder.decode(bytesOf(1))), [36, 37, 38].map((x) => [69, x, 100, 1]));
    decoder.close();
  });
}

test("what was lost of one call is no matter of the next", async () => {
  const decoder = await createDecoder({ format: "evt21", ...sensor });
  for (const _ of decoder.decode(groups.evt21(30_000))) {
    decoder.reset(); // the packet had cut a word
  }
  const bytes = bytesOf64([group], "little");
  decoder.decode(bytes);
  moveAway(bytes);
  assert.throws(() => decoder.decode(bytesOf64([group], "little")), /the last 8 of 8 are lost/);
  assert.equal(decoder.statistics.words, 0);
  decoder.close();
});
