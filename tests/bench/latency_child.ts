/** Measures the runtime that runs it, at one rate, and prints JSON. `latency.ts` runs it. */

import process from "node:process";
import { configureVirtualBus, describeVirtualBus, open, type VirtualCameraOptions } from "../../mod.ts";
import { writeDarkRecording } from "../support/dark_recording.ts";
import { readerThreadSeconds } from "./reader_thread.ts";

/** What one runtime did at one rate. */
export interface Latency {
  /** From a transfer with events (raw: with bytes) to the body of the loop; null where none came. */
  readonly medianMs: number | null;
  readonly p99Ms: number | null;
  readonly packetsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly droppedBytes: number;
  /** Bytes that were lost in the camera, because they were not fetched in time. */
  readonly lostInCamera: number;
  /** CPU of the whole process as a share of one core: the virtual camera's own work is in it. */
  readonly cpuShare: number;
  /** Of that, the native reader thread's share, in which the virtual camera works; missing where it is not known. */
  readonly readerShare?: number;
}

/** The first packets find code that was not compiled yet, and are not counted. */
async function measureLatency(
  camera: VirtualCameraOptions,
  seconds: number,
  warmUpSeconds: number,
  reuseBuffers: boolean,
): Promise<Latency> {
  await configureVirtualBus([camera]);
  // The time-out is only there to end the measurement of a silent camera.
  const raw = camera.source?.kind === "pattern";
  const device = await open({
    libusb: "virtual",
    type: "prophesee-evk4",
    configuration: { packetPeriodUs: 1008 }, // as a program that wants low latency sets it
    raw,
    reuseBuffers,
    iteratorTimeoutMs: 1000,
  });
  const startMs = performance.now() + warmUpSeconds * 1e3;
  const endMs = startMs + seconds * 1e3;
  const delaysMs: number[] = [];
  let packets = 0;
  let bytes = 0;
  let droppedBytes = 0;
  let cpu = process.cpuUsage();
  let reader = readerThreadSeconds();
  let readerSeconds: number | undefined;
  let measuring = false;
  for await (const { status, packet } of device) {
    const nowMs = performance.now();
    if (!measuring && nowMs >= startMs) {
      measuring = true;
      cpu = process.cpuUsage();
      reader = readerThreadSeconds();
    } else if (measuring) {
      bytes += status.bytes;
      droppedBytes += status.droppedBytes;
      if (packet !== undefined) ++packets;
      if (packet instanceof Uint8Array || packet?.polarityEvents !== undefined) delaysMs.push(status.delayMs);
    }
    if (nowMs < endMs) continue;
    const readerEnd = readerThreadSeconds();
    if (reader !== undefined && readerEnd !== undefined) readerSeconds = readerEnd - reader;
    break;
  }
  device.close();
  const { user, system } = process.cpuUsage(cpu);
  const measuredSeconds = (performance.now() - startMs) / 1e3;
  delaysMs.sort((a, b) => a - b);
  const at = (share: number): number | null => delaysMs[Math.floor(share * (delaysMs.length - 1))] ?? null;
  return {
    medianMs: at(0.5),
    p99Ms: at(0.99),
    packetsPerSecond: packets / measuredSeconds,
    megabytesPerSecond: bytes / measuredSeconds / 1e6,
    droppedBytes,
    lostInCamera: (await describeVirtualBus()).cameras[0]!.bytesLostInCamera,
    cpuShare: (user + system) / 1e6 / measuredSeconds,
    ...(readerSeconds !== undefined && { readerShare: readerSeconds / measuredSeconds }),
  };
}

/** Bytes per second, or "dark": the time words of a sensor that sees nothing; "isolated": and a few events. */
const [sends, seconds, warmUpSeconds = "1", reuses] = process.argv.slice(2) as [string, string, string?, string?];
if (sends === "dark" || sends === "isolated") {
  const recording = writeDarkRecording(sends === "isolated" ? 2 : 0);
  try {
    await report({ source: { kind: "recording", path: recording.path } });
  } finally {
    recording.remove();
  }
} else {
  const bytesPerSecond = Number(sends);
  // A scene does not go below 10 kB/s.
  const source = bytesPerSecond < 1e6 ? { kind: "pattern" as const } : { kind: "scene" as const, seed: 1 };
  await report({ source, bytesPerSecond });
}

async function report(camera: VirtualCameraOptions): Promise<void> {
  console.log(JSON.stringify(await measureLatency(camera, Number(seconds), Number(warmUpSeconds), reuses === "true")));
}
