import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type Decoder, maximumEventsPerPacket, type Packet } from "../../mod.ts";
import { NativeDecoder } from "../../src/decoder/native_decoder.ts";
import { packetCapacityOf } from "../../src/decoder/packet_capacity.ts";
import { loadLibrary } from "../../src/native/library.ts";
import { blockIndex, loadNative, type Native } from "../../src/native/native.ts";
import { eventsOf } from "./decoded.ts";
import { bytesOf16, flashes, preamble } from "./evt3_words.ts";

const sensor = { width: 1280, height: 720 };

function evt3(): Promise<Decoder> {
  return createDecoder({ format: "evt3", ...sensor });
}

test("words become columns", async () => {
  const decoder = await evt3();
  assert.equal(decoder.currentTime, undefined);
  const words = [...preamble, 0x28c8, 0x20c9, 0x3a80, 0x4005, 0xa001];
  const [packet] = [...decoder.decode(bytesOf16(words))];
  assert.deepEqual([...packet!.polarityEvents!.t], [4103, 4103, 4103, 4103]);
  assert.deepEqual([...packet!.polarityEvents!.x], [200, 201, 640, 642]);
  assert.deepEqual([...packet!.polarityEvents!.y], [100, 100, 100, 100]);
  assert.deepEqual([...packet!.polarityEvents!.on], [1, 0, 1, 1]);
  assert.deepEqual([...packet!.triggerEvents!.t], [4103]);
  assert.deepEqual([...packet!.triggerEvents!.id], [0]);
  assert.deepEqual([...packet!.triggerEvents!.edge], [1]);
  assert.equal(decoder.currentTime, 4103);
  decoder.close();
});

test("the state goes on from call to call, also inside a word", async () => {
  const decoder = await evt3();
  const bytes = bytesOf16([...preamble, 0x28c8, 0x20c9, 0x3a80, 0x4005]);
  const events: number[][] = [];
  for (const byte of bytes) events.push(...eventsOf(decoder.decode(Uint8Array.of(byte))));
  assert.deepEqual(events, [[4103, 200, 100, 1], [4103, 201, 100, 0], [4103, 640, 100, 1], [4103, 642, 100, 1]]);
  decoder.close();
});

test("bytes without events give no packet", async () => {
  const decoder = await evt3();
  assert.deepEqual([...decoder.decode(bytesOf16([0x8001, 0x6007]))], []);
  assert.equal(decoder.currentTime, 4103);
  decoder.close();
});

test("the clock may go back as long as nothing had the later time; events' times never go back", async () => {
  const decoder = await evt3();
  const clock = (...words: number[]) => {
    const times = eventsOf(decoder.decode(bytesOf16(words))).map(([t]) => t);
    return [decoder.currentTime, times];
  };
  assert.deepEqual(clock(0x8001, 0x0064, 0x6014), [4116, []]);
  assert.deepEqual(clock(0x600c), [4108, []], "back");
  assert.deepEqual(clock(0x2805), [4108, [4108]]);
  assert.deepEqual(clock(0x6009, 0x2805), [4108, [4108]], "held: an event had this time");
  assert.equal(decoder.statistics.timeDiscontinuities, 1);
  decoder.close();
});

test("more events than one packet holds come in several, which all stay", async () => {
  const decoder = await evt3();
  const packets = [...decoder.decode(bytesOf16([...preamble, ...flashes(40_000)]))];
  decoder.close();
  const { polarity: room } = packetCapacityOf(await loadLibrary());
  assert.equal(packets.length, Math.ceil(480_000 / room));
  let time = 0;
  let total = 0;
  for (const { polarityEvents } of packets) {
    const { t } = polarityEvents!;
    assert.ok(t.length <= maximumEventsPerPacket && t[0]! >= time);
    time = t.at(-1)!;
    total += t.length;
  }
  assert.equal(total, 480_000);
});

test("with reuseBuffers each packet is valid until the next, and the last until the decoder is closed", async () => {
  const decoder = await createDecoder({ format: "evt3", ...sensor, reuseBuffers: true });
  let previous: Packet | undefined;
  let packets = 0;
  for (const packet of decoder.decode(bytesOf16([...preamble, ...flashes(40_000)]))) {
    if (previous !== undefined) assert.equal(previous.polarityEvents!.t.length, 0, "the one before is detached");
    assert.ok(packet.polarityEvents!.t.length > 0);
    previous = packet;
    packets += 1;
  }
  assert.ok(packets > 1);
  decoder.close();
  assert.equal(previous!.polarityEvents!.t.length, 0, "closing detaches the last");
});

test("who leaves the loop early, or never enters it, loses events but not the state", async () => {
  const bytes = bytesOf16([...preamble, ...flashes(40_000), 0x6009]);
  const leave = await evt3();
  for (const _ of leave.decode(bytes)) break;
  assert.equal(leave.currentTime, 4105);
  const ignore = await evt3();
  ignore.decode(bytes);
  assert.deepEqual(eventsOf(ignore.decode(bytesOf16([0x2805]))), [[4105, 5, 100, 1]]);
  assert.equal(ignore.statistics.polarityEvents, 480_001);
  leave.close();
  ignore.close();
});

test("packets that were not taken before the next call are lost, and their loop says so", async () => {
  using decoder = await evt3();
  const first = decoder.decode(bytesOf16([...preamble, 0x2805]));
  const second = decoder.decode(bytesOf16([0x2806]));
  assert.throws(() => [...first], { name: "TypeError", message: /the rest is lost/ });
  assert.deepEqual(eventsOf(second), [[4103, 6, 100, 1]]);
  assert.deepEqual([...first], [], "said once");
});

test("decode() inside its own loop: the loops around it say what they lost, each of them", async () => {
  using decoder = await evt3();
  const large = bytesOf16([...preamble, ...flashes(40_000)]);
  let packets = 0;
  const loop = (depth: number): void => {
    for (const _ of decoder.decode(large)) {
      packets += 1;
      if (depth > 1) assert.throws(() => loop(depth - 1), { name: "TypeError", message: /the rest is lost/ });
      else decoder.decode(new Uint8Array(0));
    }
  };
  assert.throws(() => loop(3), { name: "TypeError", message: /the rest is lost/ });
  assert.equal(packets, 3);
});

test("a next call inside the loop's last turn loses nothing", async () => {
  using decoder = await evt3();
  const events: number[][] = [];
  for (const packet of decoder.decode(bytesOf16([...preamble, 0x2805, 0x6009]))) {
    events.push(...eventsOf([packet]), ...eventsOf(decoder.decode(bytesOf16([0x2806]))));
  }
  assert.deepEqual(events, [[4103, 5, 100, 1], [4105, 6, 100, 1]]);
});

test("wrong options are refused with name, value and range", async () => {
  await assert.rejects(createDecoder({ format: "evt3", width: 0, height: 720 }), /width must be .* 1 to 2048, not 0/);
  await assert.rejects(createDecoder({ format: "evt3", width: 1280, height: 2049 }), RangeError);
  await assert.rejects(createDecoder({ format: "evt9" as "evt3", ...sensor }), /format must be one of .*, not "evt9"/);
  const decoder = await evt3();
  assert.throws(() => decoder.decode("8005" as unknown as Uint8Array), TypeError);
  decoder.close();
});

test("more bytes than a native call takes come in several", async () => {
  const lengths: number[] = [];
  const native = await loadNative();
  // Takes all that it is given, and looks at none of it: untouched memory costs nothing.
  const nd_decoder_decode: Native["symbols"]["nd_decoder_decode"] = (...parameters) => {
    lengths.push(parameters[2]);
    (parameters[5] as Float64Array)[blockIndex("report").consumed_bytes] = parameters[2];
    return 0;
  };
  const symbols = { ...native.symbols, nd_decoder_decode };
  const decoder = new NativeDecoder({ ...native, symbols }, { format: "evt3", ...sensor });
  assert.deepEqual([...decoder.decode(new Uint8Array(2 ** 30 + 6))], []);
  assert.deepEqual(lengths, [2 ** 30, 6]);
  decoder.close();
});
