/** Waiters of several streams of one process: none disturbs another, and together they leave the pool's threads alone. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { eventually } from "../support/eventually.ts";
import { openRawStreams, type RawStream } from "../support/raw_stream.ts";
import { slow, test } from "../support/test.ts";

/** Many times what anything else here takes. */
const longMs = 60_000;

/** A camera that sends nothing until its sensor is started, and waits for it. */
class WaitedFor {
  readonly stream: RawStream;
  readonly waiter;
  /** Waits that have not ended. */
  pending = 0;

  constructor(stream: RawStream) {
    this.stream = stream;
    this.waiter = stream.native.createWaiter(stream.handle);
  }

  async wait(): Promise<void> {
    this.pending += 1;
    await this.waiter.wait(longMs);
    this.pending -= 1;
  }

  close(): void {
    this.stream.close();
    this.waiter.close();
  }
}

/** Closes all in the end, also after a failure. */
async function withWaiters(count: number, run: (all: readonly WaitedFor[]) => Promise<void>): Promise<void> {
  const streams = await openRawStreams(Array.from({ length: count }, () => ({})));
  const all = streams.map((stream) => new WaitedFor(stream));
  try {
    await run(all);
  } finally {
    for (const one of all) one.close();
    await eventually("the end of all waits", () => all.every(({ pending }) => pending === 0) || undefined);
  }
}

test("data of one stream ends its own wait, and not those of others", {}, async () => {
  await withWaiters(3, async ([one, two, three]) => {
    const waits = [one, two, three].map((each) => each!.wait());
    await two!.stream.startSensor();
    await waits[1];
    for (let wakes = 0; wakes < 20; wakes++) {
      assert.ok(two!.stream.read() >= 0);
      await two!.wait();
    }
    assert.deepEqual([one, two, three].map((each) => each!.pending), [1, 0, 1]);
    await three!.stream.startSensor();
    await waits[2];
    assert.equal(one!.pending, 1);
  });
});

for (const first of ["stream", "waiter"] as const) {
  test(`a camera that is closed, its ${first} first, ends its own wait, and others go on waiting`, {}, async () => {
    await withWaiters(3, async ([one, two, three]) => {
      const waits = [one, two, three].map((each) => each!.wait());
      if (first === "stream") one!.stream.closeStream();
      else one!.waiter.close();
      await waits[0];
      assert.deepEqual([two!.pending, three!.pending], [1, 1]);
      one!.close();
      await two!.stream.startSensor();
      await waits[1];
      assert.equal(three!.pending, 1);
    });
  });
}

test("a camera that is opened and waits while others do is woken like them", {}, async () => {
  await withWaiters(2, async ([one, two]) => {
    void one!.wait();
    await one!.waiter.wait(20);
    const waiting = two!.wait();
    await two!.stream.startSensor();
    await waiting;
    assert.equal(one!.pending, 1);
  });
});

const threadFolder = "/proc/self/task";
const skipWithoutProc = existsSync(threadFolder) ? undefined : `there is no ${threadFolder}`;

/** Threads that a runtime may start meanwhile for its own ends, such as compiling; a pool has more. */
const runtimesOwn = 3;

/** Threads of this process but the cameras' own. */
function countThreads(): number {
  const names = readdirSync(threadFolder).map((thread) => {
    try {
      return readFileSync(`${threadFolder}/${thread}/comm`, "utf8").trim();
    } catch {
      return "nd_reader"; // it has ended
    }
  });
  return names.filter((name) => name !== "nd_reader").length;
}

/** As many as the virtual bus takes, with more waits than the 32 threads of Deno's pool. */
const cameras = 16;
const waitsOfEach = 3;
const waits = `${cameras * waitsOfEach} waits for ${cameras} cameras`;

function waitForAll(all: readonly WaitedFor[]): void {
  for (const one of all) {
    for (let count = 0; count < waitsOfEach; count++) void one.wait();
  }
}

test(`${waits} take no threads`, { skip: skipWithoutProc, ...slow }, async () => {
  await withWaiters(cameras, async (all) => {
    const before = countThreads();
    waitForAll(all);
    await all[0]!.waiter.wait(100);
    const after = countThreads();
    assert.ok(after <= before + runtimesOwn, `${before} threads before, ${after} while waits are pending`);
  });
});

test(`${waits} end after files that are read meanwhile`, slow, async () => {
  await withWaiters(cameras, async (all) => {
    waitForAll(all);
    const path = fileURLToPath(import.meta.url);
    // Where waits held the threads of a pool, the files would be read after them.
    for (let count = 0; count < 400; count++) assert.ok((await readFile(path)).length > 0);
    assert.ok(all.every(({ pending }) => pending === waitsOfEach));
  });
});
