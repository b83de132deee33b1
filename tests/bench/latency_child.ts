/** Measures the runtime that runs it, at one rate, and prints JSON. `latency.ts` runs it. */

import process from "node:process";
import { configureVirtualBus, describeVirtualBus, open } from "../../mod.ts";

/** What one runtime did at one rate. */
export interface Latency {
  /** From the completion of a packet's first transfer to the body of the loop; null where no packet came. */
  readonly medianMs: number | null;
  readonly p99Ms: number | null;
  readonly packetsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly droppedBytes: number;
  /** Bytes that were lost in the camera, because nobody fetched them in time. */
  readonly lostInCamera: number;
  /** CPU of the whole process as a share of one core: the virtual camera's own work is in it. */
  readonly cpuShare: number;
}

/** The first packets find cold code, and are not counted. */
const warmUpMs = 1000;

async function measureLatency(bytesPerSecond: number, seconds: number): Promise<Latency> {
  // A scene does not go below 10 kB/s; what a sensor sends that sees nothing is time words, which a pattern stands for.
  const source = bytesPerSecond < 1e6 ? { kind: "pattern" as const } : { kind: "scene" as const, seed: 1 };
  await configureVirtualBus([{ source, bytesPerSecond }]);
  // The time-out is only there to end the measurement of a silent camera.
  const device = await open({ libusb: "virtual", raw: source.kind === "pattern", iteratorTimeoutMs: 1000 });
  const startMs = performance.now() + warmUpMs;
  const endMs = startMs + seconds * 1e3;
  const delaysMs: number[] = [];
  let bytes = 0;
  let droppedBytes = 0;
  let cpu = process.cpuUsage();
  let measuring = false;
  for await (const { status, packet } of device) {
    const nowMs = performance.now();
    if (!measuring && nowMs >= startMs) {
      measuring = true;
      cpu = process.cpuUsage();
    } else if (measuring) {
      bytes += status.bytes;
      droppedBytes += status.droppedBytes;
      if (packet !== undefined) delaysMs.push(status.delayMs);
    }
    if (nowMs >= endMs) break;
  }
  const { user, system } = process.cpuUsage(cpu);
  const measuredSeconds = (performance.now() - startMs) / 1e3;
  delaysMs.sort((a, b) => a - b);
  const at = (share: number): number | null => delaysMs[Math.floor(share * (delaysMs.length - 1))] ?? null;
  return {
    medianMs: at(0.5),
    p99Ms: at(0.99),
    packetsPerSecond: delaysMs.length / measuredSeconds,
    megabytesPerSecond: bytes / measuredSeconds / 1e6,
    droppedBytes,
    lostInCamera: (await describeVirtualBus()).cameras[0]!.bytesLostInCamera,
    cpuShare: (user + system) / 1e6 / measuredSeconds,
  };
}

const [bytesPerSecond, seconds] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(await measureLatency(bytesPerSecond!, seconds!)));
