import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ByteWriter } from "../../../src/recording/byte_writer.ts";
import { writeEventPacketHead } from "../../../src/recording/formats/ros/event_packet.ts";
import { rosbag2 } from "../../../src/recording/formats/rosbag2/format.ts";
import { atRandom } from "../../support/random.ts";
import { slow, test } from "../../support/test.ts";
import { assertError, assertSame, type Content, type EventList, randomContent } from "../testing/events.ts";
import { cutEverywhere, flipEverywhere, outcome } from "../testing/readers.ts";
import { bytesOfShared, expectedOf, sharedRecordings, skipWithoutFiles } from "../testing/shared_formats.ts";

const geometry = { width: 640, height: 480 };

/** Bun 1.4 and Node 24 have SQLite, as Deno has. */
const sqlite = await import("node:sqlite").catch(() => undefined);
const skipWithoutSqlite = sqlite === undefined ? "this runtime has no node:sqlite, which makes the bags" : undefined;

test("every bag of other programs gives its events", { skip: skipWithoutFiles }, async () => {
  const recordings = sharedRecordings("rosbag2 sqlite3");
  assert.ok(recordings.length >= 1);
  for (const recording of recordings) {
    const bytes = Object.values(bytesOfShared(recording.file))[0]!;
    assert.ok(rosbag2.matches(bytes, ""));
    const result = await outcome(rosbag2, bytes);
    assert.equal(result.error, undefined);
    assertSame(result, expectedOf(recording));
    assert.deepEqual(result.geometry, { width: recording.width, height: recording.height });
  }
});

/** A message in `mono` or `trigger`. */
function message(
  encoding: string,
  sequence: number,
  rows: readonly (readonly [t: number, high: number])[],
): Uint8Array {
  const writer = new ByteWriter();
  const first = rows[0]![0];
  writeEventPacketHead(writer, { ...geometry, t: first, sequence, encoding }, 8 * rows.length);
  for (const [t, high] of rows) {
    writer.u32(1000 * (t - first));
    writer.u32(high >>> 0);
  }
  return writer.bytes;
}

/** A bag with messages of some lengths: from a row within its page to one over many pages. */
async function bag(
  { events, triggers }: Content,
  lengths: () => number,
  options: { readonly pageBytes?: number } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "bag-"));
  try {
    const path = join(folder, "a.db3");
    const database = new sqlite!.DatabaseSync(path);
    database.exec(`PRAGMA page_size = ${options.pageBytes ?? 4096};
      CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,
        serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL);
      CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL, data BLOB NOT NULL);
      CREATE INDEX timestamp_idx ON messages (timestamp ASC);
      INSERT INTO topics VALUES (1, '/log', 'std_msgs/msg/String', 'cdr', ''),
        (2, '/a/events', 'event_camera_msgs/msg/EventPacket', 'cdr', ''),
        (300, '/a/trigger', 'event_camera_msgs/msg/EventPacket', 'cdr', '');
      BEGIN`);
    const insert = database.prepare("INSERT INTO messages(topic_id, timestamp, data) VALUES (?, ?, ?)");
    insert.run(1, 0n, Uint8Array.of(0, 1, 0, 0, 1, 0, 0, 0, 0));
    let [sequence, trigger] = [0, 0];
    for (const part of partsOf(events, lengths)) {
      const rows = part.map(([t, x, y, on]) => [t, on << 31 | y << 16 | x] as const);
      insert.run(2, BigInt(rows[0]![0]) * 1000n, message("mono", sequence++, rows));
      const last = part.at(-1) === events.at(-1) ? Infinity : rows.at(-1)![0];
      for (; trigger < triggers.length && triggers[trigger]![0] <= last; trigger++) {
        const [t, id, edge] = triggers[trigger]!;
        insert.run(300, BigInt(t) * 1000n, message("trigger", trigger, [[t, edge << 31 | id << 16]]));
      }
    }
    database.exec("COMMIT");
    database.close();
    return new Uint8Array(await readFile(path));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Parts of events that each are shorter than the 4.2 s that a message can hold. */
function* partsOf(events: EventList, lengths: () => number): Generator<EventList> {
  for (let from = 0; from < events.length;) {
    let end = Math.min(events.length, from + lengths());
    while (events[end - 1]![0] - events[from]![0] > 4_000_000) end--;
    yield events.slice(from, end);
    from = end;
  }
}

const limits = { geometry, triggers: { maximumId: 255, pulses: false }, longestPause: 10_000_000 };

test(
  "bags with pages and messages of any length are read",
  { ...slow, skip: skipWithoutSqlite },
  () =>
    atRandom(async (random) => {
      for (const pageBytes of [512, 4096, 65_536]) {
        const content = randomContent(random, { ...limits, count: 20_000, firstTime: random.pick([0, 1.7e15]) });
        const bytes = await bag(content, () => random.pick([1, 5, 60, 500, 9000]), { pageBytes });
        const result = await outcome(rosbag2, bytes);
        assert.equal(result.error, undefined);
        assertSame(result, content);
        assert.deepEqual(result.geometry, geometry);
        assert.equal(result.header["topic"], "/a/events");
      }
      assertError(
        (await outcome(rosbag2, await bag(randomContent(random, { ...limits, count: 50 }), () => 5), true)).error,
        {
          code: "unsupported",
          message: /stream/,
        },
      );
    }),
);

test(
  "a bag cut at any byte gives its beginning and an error",
  { ...slow, skip: skipWithoutSqlite },
  () =>
    atRandom(async (random) => {
      const content = randomContent(random, { ...limits, count: 100 });
      const bytes = await bag(content, () => random.pick([1, 5, 60]), { pageBytes: 512 });
      assert.deepEqual(await cutEverywhere(rosbag2, bytes, content), []);
    }),
);

test(
  "a bag with any bit flipped is read to an end",
  { ...slow, skip: skipWithoutSqlite },
  () =>
    atRandom(async (random) => {
      const content = randomContent(random, { ...limits, count: 100 });
      const bytes = await bag(content, () => random.pick([1, 5, 60]), { pageBytes: 512 });
      await flipEverywhere(rosbag2, bytes, () => random.chance(0.3) ? [random.whole(0, 7)] : []);
    }),
);
