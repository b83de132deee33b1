import assert from "node:assert/strict";
import { ByteWriter } from "../../../src/recording/byte_writer.ts";
import { crc32 } from "../../../src/recording/codecs/crc32.ts";
import { magic, opcode } from "../../../src/recording/formats/mcap/container.ts";
import { writeEventPacketHead } from "../../../src/recording/formats/ros/event_packet.ts";
import { mcap } from "../../../src/recording/formats/mcap/format.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import { bytesOf16 } from "../../decoder/evt3_words.ts";
import { atRandom } from "../../support/random.ts";
import { slow, test } from "../../support/test.ts";
import { assertError, assertSame, packetFrom, randomContent, randomPackets, readAll } from "../testing/events.ts";
import { memoryFiles } from "../testing/memory_source.ts";
import { asStream, cutEverywhere, flipEverywhere, gapsOf, outcome, written } from "../testing/readers.ts";
import {
  bytesOfShared,
  expectedOf,
  sharedRecordings,
  skipWithoutFiles,
  wrongRecordings,
} from "../testing/shared_formats.ts";

const geometry = { width: 1280, height: 720 };
const limits = { geometry, triggers: mcap.limits.triggers };

test("every MCAP file of other programs gives its events", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("MCAP");
  assert.ok(recordings.length >= 3);
  for (const recording of recordings) {
    for (const isStream of [false, true]) {
      const files = bytesOfShared(recording.file);
      assert.ok(mcap.matches(Object.values(files)[0]!, ""));
      const result = await readAll(mcap, memoryFiles(files, { isStream }));
      assert.equal(result.error, undefined, recording.file);
      assertSame(result, expectedOf(recording));
      assert.deepEqual(result.geometry, { width: recording.width, height: recording.height });
    }
  }
});

test("every damaged MCAP file gives its error, after what was readable", { skip: skipWithoutFiles }, async () => {
  const wrong = wrongRecordings("MCAP").map(({ file }) => file);
  assert.deepEqual(wrong.toSorted(), ["wrong/mcap_cut.mcap", "wrong/mcap_magic.mcap"]);
  const cut = await outcome(mcap, Object.values(bytesOfShared("wrong/mcap_cut.mcap"))[0]!);
  assert.equal(cut.events.length, 1500);
  assertError(cut.error, { code: "damaged", path: "a", offset: 5010, message: /truncated/ });
  const { error } = await outcome(mcap, Object.values(bytesOfShared("wrong/mcap_magic.mcap"))[0]!);
  assertError(error, { code: "unsupported", path: "a", offset: 0, message: /version 1/ });
});

test("what was written is read, from a file and from a stream", slow, () =>
  atRandom(async (random) => {
    for (const [count, firstTime] of [[1, 0], [20_000, 2 ** 32 - 1000], [200_000, 1.7e15]] as const) {
      const content = randomContent(random, { ...limits, count, firstTime, longestPause: 20_000_000 });
      const header = { serial_number: "0042" };
      for (const change of [undefined, asStream]) {
        const bytes = await written(mcap, randomPackets(content, random), { geometry, header }, change);
        for (const isStream of [false, true]) {
          const result = await outcome(mcap, bytes, isStream);
          assert.equal(result.error, undefined);
          assertSame(result, content);
          assert.equal(result.bytes, bytes.length - summaryBytes(bytes), "all but the summary");
          assert.deepEqual(result.geometry, geometry);
          assert.equal(result.header["recording/serial_number"], "0042");
        }
      }
    }
  }));

/** How long what stands behind the data is, with the end record. */
function summaryBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return bytes.length - Number(view.getBigUint64(bytes.length - 28, true));
}

test("an MCAP file cut at any byte gives its beginning and an error", slow, () =>
  atRandom(async (random) => {
    const content = randomContent(random, { ...limits, count: 60, longestPause: 20_000_000 });
    const bytes = await written(mcap, randomPackets(content, random), { geometry });
    const quiet = await cutEverywhere(mcap, bytes, content);
    assert.ok(quiet.every((length) => length >= bytes.length - summaryBytes(bytes)), `no error for ${quiet} bytes`);
  }));

test("any bit flipped before the summary is noticed, by checksums", slow, () =>
  atRandom(async (random) => {
    const content = randomContent(random, { ...limits, count: 60, longestPause: 20_000_000 });
    const bytes = await written(mcap, randomPackets(content, random), { geometry });
    await flipEverywhere(mcap, bytes, () => [random.whole(0, 7)]);
    const dataEnd = bytes.length - summaryBytes(bytes) - 13;
    assert.equal(bytes[dataEnd], opcode.dataEnd);
    for (let at = 0; at <= dataEnd; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << random.whole(0, 7);
      assert.notEqual((await outcome(mcap, flipped)).error, undefined, `byte ${at}`);
    }
  }));

/** A file with messages as they are, without chunks. */
function fileOf(
  messages: readonly { readonly encoding: string; readonly sequence?: number; readonly bytes: Uint8Array }[],
) {
  const writer = new ByteWriter();
  const record = (code: number, write: () => void) => {
    writer.u8(code);
    const at = writer.skip(8);
    write();
    writer.setI64(at, writer.length - at - 8);
  };
  writer.append(magic);
  record(opcode.schema, () => {
    writer.u16(9);
    writer.text("event_camera_msgs/msg/EventPacket");
    writer.text("ros2msg");
    writer.text("");
  });
  record(opcode.channel, () => {
    writer.u16(4);
    writer.u16(9);
    writer.text("/a/events");
    writer.text("cdr");
    writer.u32(0);
  });
  for (const [index, { encoding, sequence = index, bytes }] of messages.entries()) {
    record(opcode.message, () => {
      writer.u16(4);
      writer.skip(20);
      writeEventPacketHead(writer, { ...geometry, t: 1000 * index, sequence, encoding }, bytes.length);
      writer.append(bytes);
    });
  }
  const crc = crc32(writer.bytes);
  record(opcode.dataEnd, () => writer.u32(crc));
  return writer.bytes;
}

/** TIME_HIGH 0, TIME_LOW 5, ADDR_Y 7, ADDR_X 3 ON. */
const firstWords = bytesOf16([0x8000, 0x6005, 0x0007, 0x2803]);
/** ADDR_X 4 OFF, EXT_TRIGGER 2 rising, TIME_HIGH 1, TIME_LOW 0, ADDR_X 1279 ON. */
const secondWords = bytesOf16([0x2004, 0xa201, 0x8001, 0x6000, 0x2cff]);

test("EVT3 is decoded over messages, with its triggers", {}, async () => {
  const messages = [firstWords, secondWords].map((bytes) => ({ encoding: "evt3", bytes }));
  const result = await outcome(mcap, fileOf(messages));
  assert.equal(result.error, undefined);
  assert.deepEqual(result.events, [[5, 3, 7, 1], [5, 4, 7, 0], [4096, 1279, 7, 1]]);
  assert.deepEqual(result.triggers, [[5, 2, 1]]);
});

test("a message that is missing is a gap", {}, async () => {
  const [encoding, bytes] = ["evt3", firstWords] as const;
  const file = fileOf([{ encoding, sequence: 7, bytes }, { encoding, sequence: 10, bytes }]);
  assert.deepEqual(await gapsOf(mcap, file), [{ event: 1, droppedBytes: 0, droppedTransfers: 2 }]);
});

test("encodings that are not known are named", {}, async () => {
  const { error } = await outcome(mcap, fileOf([{ encoding: "libcaer_cmp", bytes: firstWords }]));
  assertError(error, { code: "unsupported", message: /encoded as "libcaer_cmp"/ });
  const later = await outcome(
    mcap,
    fileOf([
      { encoding: "mono", bytes: Uint8Array.of(0, 0, 0, 0, 3, 0, 7, 128) },
      { encoding: "libcaer_cmp", bytes: firstWords },
      { encoding: "mono", bytes: Uint8Array.of(0, 0, 0, 0, 3, 0, 7, 128) },
    ]),
  );
  assert.deepEqual(later.events, [[0, 3, 7, 1]]);
  assertError(later.error, { code: "unsupported", message: /encoded as "libcaer_cmp"/ });
  const none = await outcome(mcap, fileOf([]));
  assertError(none.error, { code: "unsupported", message: /no messages/ });
});

test("a chunk with another checksum is a gap, and those behind it are read", slow, () =>
  atRandom(async (random) => {
    const content = randomContent(random, { geometry, count: 400_000, longestPause: 1000 });
    const bytes = await written(mcap, randomPackets(content, random), { geometry });
    const view = new DataView(bytes.buffer);
    // The first chunk is the first record behind the header.
    const at = 8 + 9 + Number(view.getBigUint64(9, true));
    assert.equal(bytes[at], opcode.chunk);
    view.setUint32(at + 9 + 24, view.getUint32(at + 9 + 24, true) ^ 1, true);
    const result = await outcome(mcap, bytes);
    assertError(result.error, { code: "damaged", path: "a", offset: at, message: /checksum/ });
    assert.ok(result.events.length > 0 && result.events.length < content.events.length);
    assert.deepEqual(result.events, content.events.slice(-result.events.length));
  }));

test("what MCAP cannot hold is refused", {}, async () => {
  const refused = [
    [{ events: [[2 ** 31 * 1e6, 0, 0, 1]] }, /event 0 has the time/],
    [{ triggers: [[0, 0, 2]] }, /trigger 0 has edge 2/],
  ] as const;
  for (const [content, message] of refused) {
    const writer = await mcap.openWriter!(new MemoryFiles("a"), { geometry });
    const error = await writer.write(packetFrom(content)).then(() => undefined, (reason: unknown) => reason);
    assertError(error, { code: "unsupported", path: "a", message });
    await writer.abort();
  }
});
