/** What the system gives the native thread that receives the transfers, as its own account of the thread has it. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { configureVirtualBus, open, type ReaderPriority } from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { test } from "../support/test_on_bus.ts";

const skip = process.platform === "linux" ? undefined : "/proc is Linux's";

interface Scheduling {
  readonly policy: number;
  readonly nice: number;
}

/** From a `stat` of /proc. */
function schedulingOf(stat: string): Scheduling {
  const fields = stat.split(") ")[1]!.split(" ").map(Number);
  return { policy: fields[38]!, nice: fields[16]! };
}

/** How Linux schedules the reader thread; undefined before it has begun. */
function schedulingOfReader(): Scheduling | undefined {
  const threads = readdirSync("/proc/self/task").map((id) => readFileSync(`/proc/self/task/${id}/stat`, "utf8"));
  const reader = threads.find((stat) => stat.includes("(nd_reader)"));
  return reader === undefined ? undefined : schedulingOf(reader);
}

/** Whether a reader thread that rests has what it is told. */
const isAs = {
  realtime: ({ policy }) => policy === 2,
  raised: ({ policy, nice }) => policy === 0 && nice < 0,
  usual: ({ policy, nice }) => {
    const program = schedulingOf(readFileSync("/proc/self/stat", "utf8"));
    return policy === program.policy && nice === program.nice;
  },
} satisfies Record<ReaderPriority, (scheduling: Scheduling) => boolean>;

test("the priority of the reader thread is what the system has given it", { skip }, async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 1e5 }]);
  using device = await open({ libusb: "virtual" });
  await eventually("the thread is scheduled as it is told", () => {
    const scheduling = schedulingOfReader();
    const { readerPriority } = device.statistics;
    return scheduling && isAs[readerPriority](scheduling) || undefined;
  });
});

test("a reader thread that never rests is a usual one", { skip }, async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 0 }]);
  using device = await open({ libusb: "virtual" });
  const before = await eventually("the thread has begun", () => schedulingOfReader());
  const after = await eventually("a usual policy", () => {
    const scheduling = schedulingOfReader()!;
    return scheduling.policy === 0 ? scheduling : undefined;
  });
  if (before.policy === 2) {
    assert.equal(after.nice, 0);
    assert.equal(device.statistics.readerPriority, "realtime");
  }
});
