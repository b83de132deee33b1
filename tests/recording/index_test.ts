/** The index of recordings: what it tells, where it is kept, when it is believed, and seeks by it. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openRecording } from "../../mod.ts";
import { crc32 } from "../../src/recording/codecs/crc32.ts";
import { atRandom, Random } from "../support/random.ts";
import { slow, test as testWith } from "../support/test.ts";
import { writeLongRecording } from "./testing/long_recording.ts";
import { compareSeeks, decodeLinearly, scene } from "./testing/seeks.ts";

/** A pause between the rounds of a scene: the time wraps each three or four of them. */
const pauseSteps = 1200;
const bytes = 17 << 20;

async function withRecording(random: Random, run: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
  try {
    const path = join(folder, "a.raw");
    writeLongRecording(path, scene(random, 10_000), bytes, pauseSteps);
    await run(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

testWith(
  "seeks give exactly what decoding from the beginning gives there, across wraps",
  slow,
  () =>
    atRandom((random) =>
      withRecording(random, async (path) => {
        const linear = await decodeLinearly(path);
        assert.ok(linear.t.at(-1)! - linear.t[0]! > 10 * 2 ** 24, "the time wraps some times");
        await using recording = await openRecording(path);
        await compareSeeks(recording, linear, random, 200);
        assert.deepEqual((await recording.triggers()).t, linear.triggers);
        assert.deepEqual(await recording.timeRange(), {
          first: Math.min(linear.t[0]!, linear.triggers[0] ?? Infinity),
          last: Math.max(linear.t.at(-1)!, linear.triggers.at(-1) ?? 0),
        });
        await using again = await openRecording(path, { reuseBuffers: true }); // with the index that was kept
        await compareSeeks(again, linear, random, 100);
      })
    ),
);

testWith(
  "an index is kept beside a large recording, and believed only while it fits",
  slow,
  () =>
    atRandom((random) =>
      withRecording(random, async (path) => {
        const kept = `${path}.index`;
        const triggersOf = async (keepIndex = true) => {
          await using recording = await openRecording(path, { keepIndex });
          return Array.from((await recording.triggers()).t);
        };
        const right = await triggersOf(false);
        assert.equal(existsSync(kept), false);
        assert.deepEqual(await triggersOf(), right);
        const index = readFileSync(kept);
        assert.deepEqual(readdirSync(join(path, "..")).sort(), ["a.raw", "a.raw.index"]);
        // It is read where it fits: one that tells something else is believed.
        const lying = Uint8Array.from(index);
        const jsonBytes = new DataView(lying.buffer).getUint32(8, true);
        const { places } = JSON.parse(new TextDecoder().decode(lying.subarray(16, 16 + jsonBytes))).lengths;
        new DataView(lying.buffer).setFloat64(16 + jsonBytes + 24 * places, -5, true);
        new DataView(lying.buffer).setUint32(12, crc32(lying.subarray(16)), true);
        writeFileSync(kept, lying);
        assert.deepEqual(await triggersOf(), [-5, ...right.slice(1)]);
        // Not where a byte of it is another one, where it is cut, nor where the recording has changed.
        for (let attempt = 0; attempt < 20; attempt++) {
          const damaged = Uint8Array.from(lying);
          damaged[random.whole(0, damaged.length - 1)]! ^= 1 << random.whole(0, 7);
          writeFileSync(kept, random.chance(0.5) ? damaged : lying.subarray(0, random.whole(0, lying.length - 1)));
          assert.deepEqual(await triggersOf(false), right);
        }
        writeFileSync(kept, lying);
        utimesSync(path, 1, 1);
        assert.deepEqual(await triggersOf(), right);
        assert.notDeepEqual(readFileSync(kept), lying, "a new one is kept");
      })
    ),
);

testWith(
  "no index is made for what lies near the beginning, and one for what lies further",
  slow,
  () =>
    atRandom((random) =>
      withRecording(random, async (path) => {
        const linear = await decodeLinearly(path);
        const [early, late] = [linear.t[100_000]!, linear.t.at(-10)!];
        for (const [from, hasIndex] of [[early, false], [late, true]] as const) {
          await using recording = await openRecording(path, { from });
          for await (const { packet: { polarityEvents } } of recording) {
            if (polarityEvents === undefined) continue;
            assert.equal(polarityEvents.t[0], from);
            break;
          }
          assert.equal(existsSync(`${path}.index`), hasIndex);
        }
      })
    ),
);

test("a small recording, and one in memory, has no index beside it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
  try {
    const path = join(folder, "a.raw");
    writeLongRecording(path, scene(new Random(1), 100), 1000);
    await using recording = await openRecording(path);
    await using inMemory = await openRecording(new Uint8Array(readFileSync(path)));
    assert.ok(await recording.duration() > 0);
    assert.equal(await inMemory.duration(), await recording.duration());
    assert.deepEqual(readdirSync(folder), ["a.raw"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

testWith(
  "the overview is told while a loop reads, and a loop goes on undisturbed",
  slow,
  () =>
    atRandom((random) =>
      withRecording(random, async (path) => {
        const linear = await decodeLinearly(path);
        await using recording = await openRecording(path, { keepIndex: false });
        let at = 0;
        let packets = 0;
        for await (const { packet } of recording) {
          if (packets++ === 3) assert.equal((await recording.triggers()).t.length, linear.triggers.length);
          for (const t of packet.polarityEvents?.t ?? []) assert.equal(t, linear.t[at++]);
        }
        assert.equal(at, linear.t.length);
      })
    ),
);

testWith("closing ends the making of an index", slow, () =>
  atRandom((random) =>
    withRecording(random, async (path) => {
      const recording = await openRecording(path);
      const isRejected = assert.rejects(recording.duration(), /closed/);
      await recording.close();
      await isRejected;
      assert.equal(existsSync(`${path}.index`), false);
    })
  ));
