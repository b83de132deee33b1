/** Waiting for a stream without blocking the event loop: the same under every runtime. */

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import process from "node:process";
import { createPipeWaiter } from "../../ffi/pipe_waiter.ts";
import type { StreamWaiter } from "../../ffi/adapter.ts";
import { runChild } from "../support/child.ts";
import { openRawStream, type RawStream } from "../support/raw_stream.ts";
import { eventually } from "../support/eventually.ts";
import { test } from "../support/test.ts";

type Create = (stream: RawStream) => StreamWaiter;

const ownWaiter: Create = ({ native, handle }) => native.createWaiter(handle);

/** As where a runtime cannot read the pipe: a Deno before 2.8. */
const pollingWaiter: Create = ({ native, handle }) =>
  createPipeWaiter({ path: native.path, symbols: native.symbols }, handle, {
    sockets: false,
    open() {
      throw new Error("not implemented");
    },
  });

/** Every way of waiting that this runtime can use. */
const ways: readonly { name: string; create: Create }[] = [
  { name: "the runtime's own waiter", create: ownWaiter },
  { name: "the polling waiter", create: pollingWaiter },
];

/** More than any scheduling delay of a busy machine. */
const longMs = 60_000;

async function elapsedMs(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

/** Closes all, also after a failure, so that the next test finds the camera free. */
async function withWaiter(
  create: Create,
  run: (waiter: StreamWaiter, stream: RawStream) => Promise<void>,
): Promise<void> {
  const stream = await openRawStream();
  const waiter = create(stream);
  try {
    await run(waiter, stream);
  } finally {
    stream.close();
    waiter.close();
  }
}

for (const { name, create } of ways) {
  test(`${name}: without data a wait lasts its time, and the event loop goes on`, {}, async () => {
    await withWaiter(create, async (waiter) => {
      let ticks = 0;
      const timer = setInterval(() => ticks += 1, 10);
      // Longer than the slices of a long wait.
      const waitedMs = await elapsedMs(() => waiter.wait(600));
      clearInterval(timer);
      assert.ok(waitedMs >= 595 && waitedMs < longMs, `${waitedMs} ms`);
      // A wait that blocked in its slices would leave two or three.
      assert.ok(ticks >= 5, `${ticks} ticks`);
      assert.ok(await elapsedMs(() => waiter.wait(0)) < longMs);
    });
  });

  test(`${name}: data ends a wait, again and again`, {}, async () => {
    await withWaiter(create, async (waiter, stream) => {
      const waiting = elapsedMs(() => waiter.wait(longMs));
      await stream.startSensor();
      assert.ok(await waiting < longMs);
      let received = 0;
      for (let wakes = 0; wakes < 50; wakes++) {
        assert.ok(await elapsedMs(() => waiter.wait(longMs)) < longMs);
        received += stream.read();
      }
      assert.ok(received > 0);
    });
  });

  test(`${name}: what is there already ends a wait at once`, {}, async () => {
    await withWaiter(create, async (waiter, stream) => {
      await stream.startSensor();
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.ok(await elapsedMs(() => waiter.wait(longMs)) < longMs);
      assert.ok(stream.read() > 0);
    });
  });

  test(`${name}: waits for what is there already give the event loop turns`, {}, async () => {
    await withWaiter(create, async (waiter, stream) => {
      await stream.startSensor();
      await waiter.wait(longMs); // what is there now stays there
      let ran = false;
      setTimeout(() => ran = true, 1);
      const farMoreThanItTakes = 10_000;
      for (let waits = 0; !ran && waits < farMoreThanItTakes; waits++) await waiter.wait(longMs);
      assert.ok(ran);
    });
  });

  test(`${name}: waits that overlap last each its own time, whichever began first`, {}, async () => {
    await withWaiter(create, async (waiter, stream) => {
      const longest = waiter.wait(longMs);
      await Promise.all([600, 20, 0, 100].map(async (lengthMs) => {
        const waitedMs = await elapsedMs(() => waiter.wait(lengthMs));
        assert.ok(waitedMs >= lengthMs - 5 && waitedMs < longMs, `${waitedMs} ms of ${lengthMs}`);
      }));
      stream.closeStream();
      assert.ok(await elapsedMs(() => longest) < longMs);
    });
  });

  test(`${name}: closing the stream ends all waits`, {}, async () => {
    await withWaiter(create, async (waiter, stream) => {
      const waits = [waiter.wait(longMs), waiter.wait(longMs)];
      setTimeout(() => stream.closeStream(), 20);
      assert.ok(await elapsedMs(() => Promise.all(waits)) < longMs);
      assert.ok(await elapsedMs(() => waiter.wait(longMs)) < longMs, "there is nothing to wait for any more");
    });
  });

  test(`${name}: closing the waiter ends all waits, and can be done twice`, {}, async () => {
    await withWaiter(create, async (waiter) => {
      const waits = [waiter.wait(longMs), waiter.wait(longMs)];
      setTimeout(() => waiter.close(), 20);
      assert.ok(await elapsedMs(() => Promise.all(waits)) < longMs);
      waiter.close();
      assert.ok(await elapsedMs(() => waiter.wait(longMs)) < longMs);
    });
  });
}

const descriptorFolder = "/proc/self/fd";
const skipWithoutProc = existsSync(descriptorFolder) ? undefined : `there is no ${descriptorFolder}`;

for (const { name, create } of ways) {
  test(
    `${name} leaves no file descriptor behind, in whichever order all is closed`,
    { skip: skipWithoutProc },
    async () => {
      const openAndClose = async (waiterFirst: boolean) => {
        const stream = await openRawStream();
        const waiter = create(stream);
        const waiting = waiter.wait(longMs);
        if (waiterFirst) waiter.close();
        stream.close();
        waiter.close();
        await waiting;
      };
      for (let round = 0; round < 10; round++) await openAndClose(round % 2 === 0);
      await new Promise((resolve) => setTimeout(resolve, 200)); // Bun closes streams a little later
      const before = readdirSync(descriptorFolder).length;
      for (let round = 0; round < 100; round++) await openAndClose(round % 2 === 0);
      const count = () => readdirSync(descriptorFolder).length;
      await eventually(`${count()} descriptors, ${before} before`, () => count() <= before + 2 ? true : undefined);
    },
  );
}

test("a wait costs next to no CPU time", {}, async () => {
  await withWaiter(ownWaiter, async (waiter) => {
    await waiter.wait(50);
    // The runtime may have work of its own, such as collecting garbage: in one of several seconds it has none.
    const costsMs: number[] = [];
    while (costsMs.length < 10 && !costsMs.some((costMs) => costMs < 250)) {
      const before = process.cpuUsage();
      await waiter.wait(1000);
      const { user, system } = process.cpuUsage(before);
      costsMs.push((user + system) / 1000);
    }
    assert.ok(costsMs.at(-1)! < 250, `${costsMs.join(", ")} ms, each in a second`);
  });
});

const child = new URL("stream_child.ts", import.meta.url);

test("a process without a waiting loop ends by itself", {}, async () => {
  const { status, output } = await runChild(child, { parameters: ["leave"] });
  assert.equal(status, 0, output);
  assert.equal(output, "");
});

test("a process with a waiting loop goes on until the wait is over", {}, async () => {
  const { status, output } = await runChild(child, { parameters: ["wait"] });
  assert.equal(status, 0, output);
  assert.equal(output.trim(), "woken");
});

test("a process that ends itself while a wait is pending ends at once, with its status", {}, async () => {
  const { status, output } = await runChild(child, { parameters: ["exit"] });
  assert.equal(status, 3, output);
  assert.equal(output, "");
});

test("an uncaught error ends a process while a wait is pending", {}, async () => {
  const { status, output } = await runChild(child, { parameters: ["throw"] });
  assert.equal(status, 1, output);
  assert.match(output, /on purpose/);
  assert.doesNotMatch(output, /^woken/m);
});
