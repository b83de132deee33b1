import assert from "node:assert/strict";
import { FlatTable } from "../../../src/recording/flatbuffers/table.ts";
import { arrow } from "../../../src/recording/formats/arrow/format.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import { atRandom } from "../../support/random.ts";
import { slow, test } from "../../support/test.ts";
import {
  assertError,
  assertSame,
  type EventList,
  packetFrom,
  randomContent,
  randomPackets,
} from "../testing/events.ts";
import { asStream, written } from "../testing/readers.ts";

const geometry = { width: 640, height: 480 };

/** Reads the columns by way of the footer, as Arrow's readers do. */
function readArrow(bytes: Uint8Array): { readonly events: EventList; readonly metadata: Record<string, string> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.equal(new TextDecoder().decode(bytes.subarray(-6)), "ARROW1");
  const footerLength = view.getInt32(bytes.length - 10, true);
  const footer = FlatTable.root(bytes, bytes.length - 10 - footerLength);
  const schema = new FlatTable(view, offsetAt(view, footer.position(1)!));
  const fields = [...schema.tables(1)];
  assert.deepEqual(fields.map((field) => field.text(0)), ["t", "x", "y", "on"]);
  const types = fields.map((field) => new FlatTable(view, offsetAt(view, field.position(3)!)));
  assert.deepEqual(types.map((type) => [type.i32(0), type.i8(1)]), [[64, 1], [16, 0], [16, 0], [8, 0]]);
  const metadata = Object.fromEntries([...schema.tables(2)].map((pair) => [pair.text(0)!, pair.text(1)!]));
  const blocks = footer.vector(3, 24)!;
  const events: [number, number, number, number][] = [];
  for (let i = 0; i < blocks.length; i++) {
    const at = blocks.start + 24 * i;
    const position = Number(view.getBigInt64(at, true));
    const body = position + view.getInt32(at + 8, true);
    assert.equal(body % 64, 0, "columns are aligned");
    assert.equal(view.getUint32(position, true), 0xffffffff);
    assert.equal(view.getInt32(position + 4, true), body - position - 8);
    const message = FlatTable.root(bytes, position + 8);
    assert.equal(message.i8(1), 3);
    assert.equal(message.i64(3), Number(view.getBigInt64(at + 16, true)));
    const batch = new FlatTable(view, offsetAt(view, message.position(2)!));
    const buffers = batch.vector(2, 16)!;
    const starts = [1, 3, 5, 7].map((n) => body + Number(view.getBigInt64(buffers.start + 16 * n, true)));
    assert.ok(starts.every((start) => start % 64 === 0));
    for (let row = 0; row < batch.i64(0); row++) {
      events.push([
        Number(view.getBigInt64(starts[0]! + 8 * row, true)),
        view.getUint16(starts[1]! + 2 * row, true),
        view.getUint16(starts[2]! + 2 * row, true),
        bytes[starts[3]! + row]!,
      ]);
    }
  }
  return { events, metadata };
}

const offsetAt = (view: DataView, at: number) => at + view.getUint32(at, true);

test("Arrow files have the events in their columns", slow, () =>
  atRandom(async (random) => {
    for (const [count, firstTime] of [[0, 0], [1, 2 ** 53 - 2000], [65_536, 0], [150_000, 2 ** 32 - 5000]] as const) {
      const content = randomContent(random, { geometry, count, firstTime, longestPause: 300 });
      for (const change of [undefined, asStream]) {
        const header = { sensor_name: "IMX636" };
        const bytes = await written(arrow, randomPackets(content, random), { geometry, header }, change);
        assert.ok(arrow.matches(bytes.subarray(0, 4096), ""));
        const { events, metadata } = readArrow(bytes);
        assertSame({ events, triggers: [] }, content);
        assert.deepEqual(metadata, { sensor_name: "IMX636", width: "640", height: "480" });
      }
    }
  }));

test("Arrow files have no triggers, and are not read", {}, async () => {
  const writer = await arrow.openWriter!(new MemoryFiles("a"), { geometry });
  const error = await writer.write(packetFrom({ triggers: [[5, 0, 1]] })).then(() => undefined, (reason) => reason);
  assertError(error, { code: "unsupported", path: "a", message: /trigger 0 at 5 µs/ });
  await writer.abort();
  assert.equal(arrow.openReader, undefined);
});
