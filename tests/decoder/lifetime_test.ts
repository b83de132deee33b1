/** A decoder's end and its beginning anew, also in the middle of its packets. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type Decoder, NeuromorphicError, type Packet } from "../../mod.ts";
import { countFreeDecoders } from "../support/decoders.ts";
import { takenFromRegistries } from "../support/forgetting.ts";
import { eventsOf } from "./decoded.ts";
import { bytesOf16, flashes, preamble } from "./evt3_words.ts";

const closed = { name: "NeuromorphicError", code: "closed" };

/** Takes several packets. */
const stream = bytesOf16([...preamble, ...flashes(20_000)]);

function evt3(): Promise<Decoder> {
  return createDecoder({ format: "evt3", width: 1280, height: 720 });
}

/** Takes packets of the stream, and does something after the first. */
function takePackets(decoder: Decoder, afterFirst: (packet: Packet) => void): Packet[] {
  const packets: Packet[] = [];
  for (const packet of decoder.decode(stream)) {
    packets.push(packet);
    if (packets.length === 1) afterFirst(packet);
  }
  return packets;
}

const ends: Readonly<Record<string, (decoder: Decoder) => void>> = {
  close: (decoder) => decoder.close(),
  dispose: (decoder) => decoder[Symbol.dispose](),
};

for (const [name, end] of Object.entries(ends)) {
  test(`${name}: a closed decoder says so, and may be closed again`, async () => {
    const decoder = await evt3();
    end(decoder);
    end(decoder);
    assert.throws(() => decoder.decode(new Uint8Array(2)), closed);
    assert.throws(() => decoder.statistics, closed);
    assert.throws(() => decoder.reset(), closed);
  });

  test(`${name} makes room for another decoder`, async () => {
    const decoder = await evt3();
    const free = await countFreeDecoders();
    end(decoder);
    assert.ok(await countFreeDecoders() > free);
  });

  test(`${name} inside the loop leaves the packet and ends the loop`, async () => {
    const decoder = await evt3();
    const packets = takePackets(decoder, (packet) => {
      const { length } = packet.polarityEvents!.t;
      end(decoder);
      assert.equal(packet.polarityEvents!.t.length, length);
    });
    assert.equal(packets.length, 1);
    assert.throws(() => decoder.decode(stream), closed);
  });
}

test("reset inside the loop leaves the packet, and ends the loop without the rest of the bytes", async () => {
  const decoder = await evt3();
  const packets = takePackets(decoder, ({ polarityEvents }) => {
    const { length } = polarityEvents!.t;
    decoder.reset();
    assert.equal(polarityEvents!.t.length, length);
    assert.equal(decoder.currentTime, undefined);
  });
  assert.equal(packets.length, 1);
  assert.equal(decoder.statistics.words, 0);
  assert.equal(decoder.currentTime, undefined);
  assert.deepEqual(eventsOf(decoder.decode(bytesOf16([...preamble, 0x2805]))), [[4103, 5, 100, 1]]);
  decoder.close();
});

test("reset forgets bytes whose packets were not taken", async () => {
  const decoder = await evt3();
  decoder.decode(stream);
  decoder.reset();
  assert.deepEqual(eventsOf(decoder.decode(bytesOf16([0x2805]))), []);
  assert.equal(decoder.statistics.words, 1);
  assert.equal(decoder.statistics.skippedWords, 1);
  decoder.close();
});

test("the garbage collector has nothing to close of a decoder that was closed", async () => {
  const decoder = await evt3();
  assert.deepEqual(takenFromRegistries(() => decoder.close()), [decoder]);
});

test("reset forgets the row, the time and the first half of a word", async () => {
  const decoder = await evt3();
  eventsOf(decoder.decode(bytesOf16([...preamble, 0x3805])));
  eventsOf(decoder.decode(Uint8Array.of(0x05)));
  decoder.reset();
  assert.equal(decoder.currentTime, undefined);
  assert.deepEqual(eventsOf(decoder.decode(bytesOf16([0x2805, 0x8002, 0x2805, 0x0065, 0x4001, 0x2806]))), [
    [8192, 6, 101, 1],
  ]);
  assert.equal(decoder.statistics.words, 6);
  assert.equal(decoder.statistics.skippedWords, 3);
  decoder.close();
});

test("more decoders than 256 at once are refused as unsupported", async () => {
  const decoders: Decoder[] = [];
  const makeAll = async () => {
    while (decoders.length <= 256) decoders.push(await evt3());
  };
  await assert.rejects(makeAll, (error) => {
    assert.ok(error instanceof NeuromorphicError);
    assert.equal(error.code, "unsupported");
    assert.match(error.message, /too many are open/);
    return true;
  });
  for (const decoder of decoders) decoder.close();
});
