/** Loops over recordings: from and to, leaving and going on, seeking, playing at a speed, again and again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError, openRecording, type Recording } from "../../mod.ts";
import {
  collect,
  type Collected,
  eventsAt,
  evt3File,
  rawFile,
  readAll,
  usualHeader,
} from "./testing/made_recording.ts";

/** Every 100 µs an event, for a second. */
const times = Array.from({ length: 10_000 }, (_, index) => index * 100);
const events = eventsAt(times);
const file = evt3File(events);

/** Reads some items, and leaves the loop. */
async function readSome(recording: Recording, isEnough: (collected: Collected) => boolean): Promise<Collected> {
  const collected: Collected = { polarity: [], triggers: [] };
  for await (const { packet } of recording) {
    collect(packet, collected);
    if (isEnough(collected)) break;
  }
  return collected;
}

test("from is included and to is not", async () => {
  const ranges: readonly (readonly [number | undefined, number | undefined])[] = [
    [500, 900],
    [501, 901],
    [undefined, 100],
    [999_900, undefined],
    [999_901, undefined],
    [300, 300],
    [-5, 1],
    [2e6, 3e6],
  ];
  for (const [from, to] of ranges) {
    await using recording = await openRecording(file, { from, to });
    const { polarity } = await readAll(recording);
    const expected = events.filter(({ t }) => t >= (from ?? -Infinity) && t < (to ?? Infinity));
    assert.deepEqual(polarity, expected, `${from} to ${to}`);
    assert.deepEqual(await recording.timeRange(), { first: 0, last: 999_900 });
  }
});

test("triggers are cut by their times, too", async () => {
  // TIME_HIGH 0; at 5, 10 and 15 µs an event and a trigger of input 3, which rises, falls and rises.
  const words = [0x8000, ...[5, 10, 15].flatMap((t, index) => [0x6000 | t, 0x0064, 0x2805, 0xa300 | (index + 1 & 1)])];
  const bytes = rawFile(usualHeader, new Uint8Array(Uint16Array.from(words).buffer));
  await using recording = await openRecording(bytes, { from: 10, to: 15 });
  const { polarity, triggers } = await readAll(recording);
  assert.deepEqual(polarity.map(({ t }) => t), [10]);
  assert.deepEqual(triggers, [{ t: 10, id: 3, edge: 0 }]);
  const { t, id, edge } = await recording.triggers();
  assert.deepEqual([Array.from(t), Array.from(id), Array.from(edge)], [[5, 10, 15], [3, 3, 3], [1, 0, 1]]);
  t.fill(0); // is the caller's own
  assert.deepEqual(Array.from((await recording.triggers()).t), [5, 10, 15]);
});

test("the next loop goes on where the last one was left", async () => {
  await using recording = await openRecording(file, { speed: 5 });
  const all: Collected = { polarity: [], triggers: [] };
  let loops = 0;
  while (all.polarity.length < events.length) {
    const some = await readSome(recording, ({ polarity }) => polarity.length > 0);
    all.polarity.push(...some.polarity);
    loops++;
    if (loops > 1 + events.length) break;
  }
  assert.deepEqual(all.polarity, events);
  assert.ok(loops > 10, `${loops} loops`);
  assert.deepEqual((await readAll(recording)).polarity, []);
});

test("a web stream that is cancelled while it reads loses no event", async () => {
  const few = events.slice(0, 10);
  for (let microtasks = 0; microtasks < 100; microtasks++) {
    await using recording = await openRecording(evt3File(few));
    const reader = recording.readable.getReader();
    const reading = reader.read();
    for (let count = 0; count < microtasks; count++) await undefined;
    await reader.cancel();
    const read: Collected = { polarity: [], triggers: [] };
    const { value } = await reading;
    if (value !== undefined) collect(value.packet, read);
    const rest = await readAll(recording);
    assert.deepEqual([...read.polarity, ...rest.polarity], few, `cancelled after ${microtasks} microtasks`);
  }
});

test("seek goes to the first event at a time or later, again and again", async () => {
  await using recording = await openRecording(file, { from: 1000, to: 900_000 });
  for (const time of [500_000, 500_001, 20_000, 0, -1, 899_901, 950_000, 5000]) {
    await recording.seek(time);
    const { polarity } = await readSome(recording, ({ polarity }) => polarity.length > 0);
    const expected = events.filter(({ t }) => t >= Math.max(time, 1000) && t < 900_000);
    assert.deepEqual(polarity[0], expected[0], `${time}`);
    assert.deepEqual(polarity, expected.slice(0, polarity.length));
  }
  await readAll(recording);
  await recording.seek(0);
  assert.equal((await readAll(recording)).polarity.length, 8990);
  await assert.rejects(recording.seek(NaN), /^TypeError: time must be a number of µs, not NaN/);
});

test("a stream is read onwards only", async () => {
  const long = eventsAt(Array.from({ length: 50_000 }, (_, index) => index * 100));
  await using recording = await openRecording(new Blob([evt3File(long)]).stream());
  await recording.seek(500_050);
  const { polarity } = await readSome(recording, ({ polarity }) => polarity.length > 0);
  assert.equal(polarity[0]!.t, 500_100);
  await recording.seek(4_000_001);
  assert.deepEqual((await readAll(recording)).polarity, long.filter(({ t }) => t > 4_000_001));
  const isUnsupported = (error: unknown) => error instanceof NeuromorphicError && error.code === "unsupported";
  await assert.rejects(recording.seek(0), isUnsupported);
  await assert.rejects(recording.duration(), isUnsupported);
  await assert.rejects(recording.triggers(), isUnsupported);
});

test("a seek in a stream loses nothing of what waited, also where that was the last before to", async () => {
  const bytes = evt3File(eventsAt([0, 8_000_000, 8_000_100, 8_000_200]));
  await using recording = await openRecording(new Blob([bytes]).stream(), { speed: 1, to: 8_000_150 });
  const iterator = recording[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next(); // without events: it waits
  await iterator.return!();
  await recording.seek(8_000_000);
  assert.deepEqual((await readAll(recording)).polarity.map(({ t }) => t), [8_000_000, 8_000_100]);
});

test("a loop begins again at the end, and the place is marked", async () => {
  await using recording = await openRecording(file, { loop: true, from: 998_000, to: 999_000 });
  const found: number[] = [];
  let marks = 0;
  for await (const { status, packet } of recording) {
    const { t } = packet.polarityEvents!;
    const isAgain = found.length > 0 && t[0]! <= found.at(-1)!;
    assert.equal(status.gaps.length, isAgain ? 1 : 0);
    assert.equal(status.timeDiscontinuities, isAgain ? 1 : 0);
    if (isAgain) assert.equal(status.gaps[0]!.polarityEventIndex, 0);
    marks += status.gaps.length;
    found.push(...t);
    if (found.length >= 40) break;
  }
  const pass = Array.from({ length: 10 }, (_, index) => 998_000 + index * 100);
  assert.deepEqual(found, [...pass, ...pass, ...pass, ...pass]);
  assert.equal(marks, 3);
});

test("a loop over nothing ends", async () => {
  await using recording = await openRecording(file, { loop: true, from: 5e6 });
  assert.deepEqual((await readAll(recording)).polarity, []);
  await using empty = await openRecording(new TextEncoder().encode(usualHeader), { loop: true });
  assert.deepEqual((await readAll(empty)).polarity, []);
  assert.equal(await empty.duration(), 0);
  assert.equal(await empty.timeRange(), undefined);
});

test("at a speed, packets come when they are due, and are short", async () => {
  await using recording = await openRecording(file, { speed: 2, from: 100_000, to: 400_000 });
  const startMs = performance.now();
  let last = 0;
  for await (const { status, packet } of recording) {
    if (packet.polarityEvents === undefined) continue;
    const { t } = packet.polarityEvents;
    last = t.at(-1)!;
    assert.ok(t.at(-1)! - t[0]! <= 20_000, "at most 10 ms of the host's time");
    const dueMs = (last - 100_000) / 2000;
    assert.ok(performance.now() - startMs >= dueMs - 1, "not before it is due");
    assert.equal(status.currentTime !== undefined && status.currentTime >= last, true);
  }
  assert.equal(last, 399_900);
});

test("where nothing happens, time goes on in packets without events", async () => {
  const sparse = evt3File(eventsAt([0, 1_000_000, 1_500_000]));
  await using recording = await openRecording(sparse, { speed: 2, to: 1_200_000 });
  const clock: number[] = [];
  const found: number[] = [];
  for await (const { status, packet } of recording) {
    if (packet.polarityEvents === undefined) clock.push(status.currentTime!);
    else found.push(...packet.polarityEvents.t);
  }
  assert.deepEqual(found, [0, 1_000_000]);
  assert.ok(clock.length >= 2, `${clock.length} packets in half a second`);
  assert.deepEqual(clock, clock.toSorted((left, right) => left - right));
  assert.ok(clock.every((time) => time > 0 && time < 1_000_000));
});

test("before the first event of a recording there is nothing to wait for", async () => {
  const late = evt3File(eventsAt([10_000_000, 10_000_100, 10_000_200]));
  await using recording = await openRecording(late, { speed: 0.1, from: 0 });
  for (const time of [0, 9_000_000]) {
    await recording.seek(time);
    for await (const { packet } of recording) {
      assert.equal(packet.polarityEvents?.t[0], 10_000_000, "no packet without events comes before it");
      break;
    }
  }
  // A pause within the recording is one.
  await using sparse = await openRecording(evt3File(eventsAt([0, 1_000_000])), { speed: 1, from: 500_000 });
  for await (const { packet } of sparse) {
    assert.equal(packet.polarityEvents, undefined);
    break;
  }
});

test("a slow program is not overrun: it gets what is due at once", async () => {
  await using recording = await openRecording(file, { speed: 1, to: 300_000 });
  const found: number[] = [];
  for await (const { packet } of recording) {
    if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
    found.push(...packet.polarityEvents?.t ?? []);
  }
  assert.deepEqual(found, times.filter((t) => t < 300_000));
});

test("leaving a loop while it waits loses nothing, and the clock stands", async () => {
  const sparse = evt3File(eventsAt([0, 8_000_000]));
  await using recording = await openRecording(sparse, { speed: 1 });
  const iterator = recording[Symbol.asyncIterator]();
  await iterator.next();
  const waiting = iterator.next();
  await iterator.return!();
  await waiting;
  await recording.seek(8_000_000);
  const { polarity } = await readSome(recording, ({ polarity }) => polarity.length > 0);
  assert.deepEqual(polarity.map(({ t }) => t), [8_000_000]);
});

test("calls of next that come at once are answered in their order", async () => {
  for (const reuseBuffers of [false, true]) {
    await using recording = await openRecording(file, { reuseBuffers, speed: 1000 });
    const iterator = recording[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 5 }, () => iterator.next()));
    const found = results.flatMap(({ value }) => Array.from(value?.packet.polarityEvents?.t ?? []));
    assert.deepEqual(found, times.slice(0, found.length));
    assert.ok(found.length > 0);
    await iterator.return!();
  }
});

test("with reuseBuffers a packet is valid until the next one, else as long as it is held", async () => {
  const many = evt3File(eventsAt(Array.from({ length: 200_000 }, (_, index) => index)));
  for (const reuseBuffers of [false, true]) {
    await using recording = await openRecording(many, { reuseBuffers });
    const held: number[] = [];
    let last: Float64Array | undefined;
    for await (const { packet } of recording) {
      if (last !== undefined) held.push(last.length);
      last = packet.polarityEvents?.t;
    }
    assert.ok(held.length > 1);
    assert.ok(held.every((length) => reuseBuffers === (length === 0)), `${held}`);
  }
});

test("one reader at a time", async () => {
  await using recording = await openRecording(file);
  const first = recording[Symbol.asyncIterator]();
  await first.next();
  await assert.rejects(
    recording[Symbol.asyncIterator]().next(),
    /^TypeError: bytes has a reader already.*recording\.readable\.tee/,
  );
  await first.return!();
  assert.equal((await recording[Symbol.asyncIterator]().next()).done, true);
});

test("readable is one iteration, and has two branches", async () => {
  await using recording = await openRecording(file);
  assert.equal(recording.readable, recording.readable);
  const branches = recording.readable.tee();
  const counts = await Promise.all(branches.map(async (branch) => {
    let count = 0;
    for await (const { packet } of branch) count += packet.polarityEvents?.t.length ?? 0;
    return count;
  }));
  assert.deepEqual(counts, [events.length, events.length]);
});

test("a long loop over bytes lets timers run", async () => {
  const many = evt3File(eventsAt(Array.from({ length: 1_000_000 }, (_, index) => index)));
  await using recording = await openRecording(many);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  for await (const { packet } of recording) {
    if (packet.polarityEvents === undefined) continue;
    const endMs = performance.now() + 5; // work that a program does
    while (performance.now() < endMs);
  }
  clearInterval(timer);
  assert.ok(turns > 0, `${turns} turns`);
});
