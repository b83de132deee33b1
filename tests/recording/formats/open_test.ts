/** Every format that is written, through files and `openRecording`, as programs use it. */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csv, dat, es, npy, npyWith, npz, openRecording, openSink, type RecordingFormat } from "../../../mod.ts";
import { assertSame, type Content, contentOf, randomContent, randomPackets } from "../testing/events.ts";
import { atRandom } from "../../support/random.ts";
import { test } from "../../support/test.ts";

const geometry = { width: 640, height: 480 };
const written: Readonly<Record<string, RecordingFormat>> = {
  dat,
  es,
  csv,
  npy,
  "npy of tonic": npyWith({ layout: "tonic" }),
  npz,
};

async function read(...parameters: Parameters<typeof openRecording>): Promise<Content & { readonly format: string }> {
  await using recording = await openRecording(...parameters);
  const packets = [];
  for await (const { packet } of recording) packets.push(packet);
  return { format: recording.format.name, ...contentOf(packets) };
}

for (const [title, format] of Object.entries(written)) {
  test(
    `${title}: a file is written, and opened from a path, bytes, a blob and a stream`,
    {},
    () =>
      atRandom(async (random) => {
        const folder = mkdtempSync(join(tmpdir(), "formats-"));
        try {
          const path = join(folder, `a${format.endings[0]}`);
          const { triggers: kind } = format.limits;
          const content = randomContent(random, { geometry, count: 5000, longestPause: 10_000, triggers: kind });
          const writer = await format.openWriter!(await openSink(path), { geometry });
          for (const packet of randomPackets(content, random)) await writer.write(packet);
          await writer.close();
          assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".part")), []);

          const fromPath = await read(path);
          assert.equal(fromPath.format, format.name);
          assertSame(fromPath, content);
          const bytes = new Uint8Array(readFileSync(path));
          // Beside bytes there is no file with triggers.
          const { events } = content;
          const triggers = format === npz ? content.triggers : [];
          for (const source of [bytes, new Blob([bytes]), new Blob([bytes]).stream()]) {
            assertSame(await read(source), { events, triggers });
          }
          const from = events[2500]![0];
          const to = events[4000]![0];
          const cut = await read(path, { from, to });
          assert.deepEqual(cut.events, events.filter(([t]) => t >= from && t < to));
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),
  );
}
