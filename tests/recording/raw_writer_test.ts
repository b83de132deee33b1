/** RAW files that are written, read again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type EncodableEvents,
  openRecording,
  type Packet,
  rawEvt2,
  rawEvt21,
  rawEvt3,
  type RecordingFormat,
} from "../../mod.ts";
import { events, randomScene, triggers } from "../encoder/encoded.ts";
import { atRandom } from "../support/random.ts";
import { MemoryFiles } from "../../src/recording/memory_sink.ts";

const geometry = { width: 640, height: 480 };

/** The bytes of a file with these events. */
async function written(
  format: RecordingFormat,
  scene: EncodableEvents,
  header: Record<string, string>,
): Promise<Uint8Array> {
  const files = new MemoryFiles("a.raw");
  const writer = await format.openWriter!(files, { geometry, header });
  await writer.write(scene as Packet);
  assert.equal(files.complete.size, 0);
  await writer.close();
  return files.complete.get("a.raw")!;
}

const headers = [
  [rawEvt3, {}, "EVT3;height=480;width=640", "3.0"],
  [rawEvt2, {}, "EVT2;height=480;width=640", "2.0"],
  [rawEvt21, {}, "EVT21;endianness=legacy;height=480;width=640", "2.1"],
  [rawEvt21, { endianness: "little" }, "EVT21;endianness=little;height=480;width=640", "2.1"],
] as const;

for (const [format, header, told, evt] of headers) {
  test(`${told}: what is written is read again, with its header`, async () => {
    await atRandom(async (random) => {
      const scene = randomScene(random, geometry.width, geometry.height);
      const bytes = await written(format, scene, { ...header, serial_number: "00050abc" });
      await using recording = await openRecording(bytes);
      assert.equal(recording.format.name, format.name);
      assert.deepEqual(recording.geometry, geometry);
      const { format: name, evt: number, serial_number: serial } = recording.header;
      assert.deepEqual([name, number, serial], [told, evt, "00050abc"]);
      const all: number[][] = [];
      const edges: number[][] = [];
      for await (const { status, packet } of recording) {
        assert.deepEqual(status.gaps, []);
        const { polarityEvents: e, triggerEvents: t } = packet;
        e?.t.forEach((time, i) => all.push([time, e.x[i]!, e.y[i]!, e.on[i]!]));
        t?.t.forEach((time, i) => edges.push([time, t.id[i]!, t.edge[i]!]));
      }
      const { polarityEvents: e, triggerEvents: t } = scene;
      assert.deepEqual(all, Array.from(e.t, (time, i) => [time, e.x[i], e.y[i], e.on[i]]));
      assert.deepEqual(edges, Array.from(t.t, (time, i) => [time, t.id[i], t.edge[i]]));
    });
  });
}

test("what a format cannot hold is unsupported, with the file and the offset, and what was written before stays", async () => {
  const files = new MemoryFiles("a.raw");
  const writer = await rawEvt2.openWriter!(files, { geometry });
  await writer.write({ polarityEvents: events([[17, 1, 2, 1]]) } as Packet);
  const offset = files.main.position;
  const wrong: EncodableEvents[] = [
    { polarityEvents: events([[2 ** 34, 1, 1, 1]]) },
    { polarityEvents: events([[16, 1, 1, 1]]) },
    { triggerEvents: triggers([[17, 32, 1]]) },
  ];
  for (const packet of wrong) {
    await assert.rejects(writer.write(packet as Packet), { code: "unsupported", path: "a.raw", offset });
  }
  await writer.close();
  assert.equal(files.complete.get("a.raw")!.length, offset);
});

test("an aborted file does not appear, and neither does one whose options are wrong", async () => {
  const files = new MemoryFiles();
  const writer = await rawEvt21.openWriter!(files, { geometry });
  await writer.write({ polarityEvents: events([[17, 1, 2, 1]]) } as Packet);
  await writer.abort();
  await writer.abort();
  const others = new MemoryFiles();
  await assert.rejects(
    rawEvt21.openWriter!(others, { geometry, header: { endianness: "big" } }),
    /^RangeError: header.endianness must be "legacy" or "little"/,
  );
  for (const { main, complete } of [files, others]) {
    await assert.rejects(main.write(new Uint8Array(1))); // it is over
    assert.equal(complete.size, 0);
  }
});
