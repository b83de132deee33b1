/** How recordings end: closed, aborted, or dropped by the program. */

import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { NeuromorphicError, openRecording } from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { slow, test as testWith } from "../support/test.ts";
import { eventsAt, evt3File, readAll } from "./testing/made_recording.ts";

/** Every 100 µs an event, for a second. */
const times = Array.from({ length: 10_000 }, (_, index) => index * 100);
const file = evt3File(eventsAt(times));

test("close ends a loop quietly, and what comes after it throws", async () => {
  const recording = await openRecording(file, { speed: 0.001 });
  const reading = readAll(recording);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await recording.close();
  await recording.close();
  assert.equal((await reading).error, undefined);
  assert.equal(recording.closed, true);
  const isClosed = (error: unknown) => error instanceof NeuromorphicError && error.code === "closed";
  assert.ok(isClosed((await readAll(recording)).error));
  await assert.rejects(recording.seek(0), isClosed);
  await assert.rejects(recording.duration(), isClosed);
});

test("close ends the reading of an overview, also of a format without an index", async () => {
  const rows = new TextEncoder().encode("t,x,y,p\n" + times.map((t) => `${t},1,2,1\n`).join(""));
  for (const bytes of [rows, file]) {
    const recording = await openRecording(bytes);
    const range = recording.timeRange();
    await recording.close();
    await assert.rejects(range, { code: "closed" });
  }
});

test("an aborted signal ends a loop with its reason", async () => {
  const controller = new AbortController();
  const recording = await openRecording(file, { speed: 0.001, signal: controller.signal });
  const reading = readAll(recording);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const reason = new Error("enough");
  controller.abort(reason);
  assert.equal((await reading).error, reason);
  assert.equal((await readAll(recording)).error, reason);
  assert.equal(recording.closed, true);
  await assert.rejects(openRecording(file, { signal: controller.signal }), reason);
});

test("an aborted signal ends the wait for the beginning of a stream", async () => {
  for (const length of [0, 20]) {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => length > 0 ? controller.enqueue(file.slice(0, length)) : undefined,
      cancel: () => void (cancelled = true),
    });
    const controller = new AbortController();
    const opening = openRecording(stream, { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(opening, reason);
    assert.ok(cancelled);
  }
});

test("close ends the wait for a stream that gives nothing", async () => {
  const stream = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(file.slice(0, 5000)) });
  const recording = await openRecording(stream);
  const reading = readAll(recording);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await recording.close();
  assert.equal((await reading).error, undefined);
});

testWith("a recording that the program has dropped is closed by the garbage collector", {
  ...slow,
  skip: process.platform === "linux" ? undefined : "only Linux lists a process's files",
}, async () => {
  const child = new URL("forgotten_child.ts", import.meta.url);
  assert.equal((await runChild(child, { exposesGarbageCollector: true })).output, "closed\n");
});
