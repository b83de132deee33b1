/**
 * Measures packets that own their memory and packets whose buffers are reused, in turns, in the runtime that runs it, and
 * prints JSON. `bench.ts` runs it.
 *
 *     reuse_child.ts ROUNDS SECONDS
 */

import process from "node:process";
import { configureVirtualBus, describeVirtualBus, open } from "../../mod.ts";
import { readerThreadSeconds } from "./reader_thread.ts";

/** Rates of the scene in MB/s. */
const rates = [10, 100, 400] as const;

/** One measurement. */
export interface ReuseRound {
  /** CPU of the process without the native reader thread, in which the virtual camera works: a share of one core. */
  readonly cpuShare: number;
  /** From a transfer to the body of the loop; null where none came. */
  readonly medianDelayMs: number | null;
  readonly p99DelayMs: number | null;
  readonly megabytesPerSecond: number;
  readonly droppedBytes: number;
  /** Bytes that were lost in the camera, because they were not fetched in time. */
  readonly lostInCamera: number;
}

/** One rate, measured in both ways as often. */
export interface ReuseComparison {
  readonly megabytesPerSecond: number;
  readonly owned: readonly ReuseRound[];
  readonly reused: readonly ReuseRound[];
}

/** What runs before is not counted: code that was not compiled yet, and a heap that finds its size. */
const warmUpMs = 300;

async function measure(bytesPerSecond: number, reuseBuffers: boolean, seconds: number): Promise<ReuseRound> {
  await configureVirtualBus([{ source: { kind: "scene", seed: 1 }, bytesPerSecond }]);
  const device = await open({ libusb: "virtual", reuseBuffers });
  const startMs = performance.now() + warmUpMs;
  const delaysMs: number[] = [];
  let bytes = 0;
  let droppedBytes = 0;
  let begin: { readonly cpu: number; readonly ms: number } | undefined;
  for await (const { status } of device) {
    const nowMs = performance.now();
    if (begin === undefined) {
      if (nowMs >= startMs) begin = { cpu: programSeconds(), ms: nowMs };
      continue;
    }
    bytes += status.bytes;
    droppedBytes += status.droppedBytes;
    delaysMs.push(status.delayMs);
    if (nowMs >= begin.ms + 1e3 * seconds) break;
  }
  const cpuSeconds = programSeconds() - begin!.cpu;
  const elapsedSeconds = (performance.now() - begin!.ms) / 1e3;
  device.close();
  delaysMs.sort((a, b) => a - b);
  const at = (share: number): number | null => delaysMs[Math.floor(share * (delaysMs.length - 1))] ?? null;
  return {
    cpuShare: cpuSeconds / elapsedSeconds,
    medianDelayMs: at(0.5),
    p99DelayMs: at(0.99),
    megabytesPerSecond: bytes / elapsedSeconds / 1e6,
    droppedBytes,
    lostInCamera: (await describeVirtualBus()).cameras[0]!.bytesLostInCamera,
  };
}

/** CPU seconds of this process so far; where the system tells, without the native reader thread's. */
function programSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 - (readerThreadSeconds() ?? 0);
}

const [rounds, seconds] = process.argv.slice(2).map(Number) as [number, number];
const comparisons: ReuseComparison[] = [];
for (const rate of rates) {
  const owned: ReuseRound[] = [];
  const reused: ReuseRound[] = [];
  for (let round = 0; round < rounds; round++) {
    // By turns first and second, so that what else the machine does hits both alike.
    for (const reuseBuffers of round % 2 === 0 ? [false, true] : [true, false]) {
      (reuseBuffers ? reused : owned).push(await measure(1e6 * rate, reuseBuffers, seconds));
    }
  }
  comparisons.push({ megabytesPerSecond: rate, owned, reused });
}
console.log(JSON.stringify(comparisons));
