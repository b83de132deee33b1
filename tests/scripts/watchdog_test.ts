import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { HangDetector, readActivity } from "../../scripts/watchdog.ts";

/** In which second a program is found to hang that is awake in the seconds that `isAwake` names. */
function secondOfHang(isAwake: (second: number) => boolean, seconds = 10_000): number | undefined {
  const detector = new HangDetector();
  for (let second = 1; second <= seconds; second++) {
    const why = detector.look({ cpuS: 0, isAwake: isAwake(second) }, { cpuS: 100, asleepS: 600 });
    if (why !== undefined) return second;
  }
}

test("a program that sleeps hangs after the limit", () => {
  assert.equal(secondOfHang(() => false), 601);
  assert.equal(secondOfHang((second) => second <= 5000), 5601);
});

test("a program that only asks now and then whether it may go on hangs", () => {
  assert.ok(secondOfHang((second) => second % 20 === 0)! < 1000);
});

test("a program that is awake a third of the time does not hang, however long it takes", () => {
  assert.equal(secondOfHang((second) => second % 3 === 0), undefined);
});

test("CPU time alone counts, not the time in which it is used", () => {
  const detector = new HangDetector();
  const limits = { cpuS: 10, asleepS: 600 };
  for (let look = 0; look < 5000; look++) {
    assert.equal(detector.look({ cpuS: 10, isAwake: true }, limits), undefined);
  }
  assert.match(detector.look({ cpuS: 10.01, isAwake: true }, limits)!, /more than 10 s of CPU time/);
});

/** A folder like /proc with these threads, by process: the `stat` of each. */
function withProc(processes: Record<number, Record<number, string>>, check: (proc: string) => void): void {
  const proc = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_proc_"));
  try {
    mkdirSync(join(proc, "self"));
    for (const [pid, threads] of Object.entries(processes)) {
      for (const [thread, stat] of Object.entries(threads)) {
        mkdirSync(join(proc, pid, "task", thread), { recursive: true });
        writeFileSync(join(proc, pid, "task", thread, "stat"), stat);
      }
      writeFileSync(join(proc, pid, "stat"), threads[Number(pid)]!);
    }
    check(proc);
  } finally {
    rmSync(proc, { recursive: true });
  }
}

/** A line of `stat`; times in hundredths of a second: of its own, and of its children that have ended. */
function stat(pid: number, parent: number, state: string, ownTicks: number, endedTicks: number): string {
  return `${pid} (a ) R (b) ${state} ${parent} 0 0 0 -1 0 0 0 0 0 ${ownTicks} 1 ${endedTicks} 1 20 0 1 0 0 0\n`;
}

test("a program's children count, and theirs; strangers do not", () => {
  const processes = {
    10: { 10: stat(10, 1, "S", 100, 200) },
    20: { 20: stat(20, 10, "S", 300, 0), 21: stat(21, 10, "S", 0, 0) },
    5: { 5: stat(5, 20, "S", 1000, 0) },
    30: { 30: stat(30, 1, "R", 99_999, 0) },
  };
  withProc(processes, (proc) => {
    assert.deepEqual(readActivity(10, proc), { pids: [10, 20, 5], cpuS: 16.06, isAwake: false });
    assert.equal(readActivity(11, proc), undefined);
  });
});

test("one thread that runs or waits for a disk is enough to be awake", () => {
  for (const [state, isAwake] of [["R", true], ["D", true], ["S", false], ["Z", false], ["T", false]] as const) {
    const processes = {
      10: { 10: stat(10, 1, "S", 0, 0) },
      20: { 20: stat(20, 10, "S", 0, 0), 21: stat(21, 10, state, 0, 0) },
    };
    withProc(processes, (proc) => assert.equal(readActivity(10, proc)!.isAwake, isAwake, state));
  }
});

test("this process works while it looks at itself", { skip: process.platform !== "linux" }, () => {
  const before = readActivity(process.pid)!;
  assert.ok(before.isAwake);
  for (let value = 0; readActivity(process.pid)!.cpuS < before.cpuS + 0.1;) value += Math.sqrt(value);
});
