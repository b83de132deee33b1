/** From the virtual camera through libusb's look-alike, the ring and the decoder to a JavaScript loop. */

import { basename } from "node:path";
import { configureVirtualBus, describeVirtualBus, open, type VirtualCameraOptions } from "../../mod.ts";
import { markdownTable, measure, table, type Usage } from "./measure.ts";

/** One measurement. */
export interface EndToEnd extends Usage {
  readonly name: string;
  readonly megabytesPerSecond: number;
  readonly megaeventsPerSecond: number;
  readonly droppedBytes: number;
  readonly lostInCamera: number;
  readonly medianDelayMs: number;
  readonly p99DelayMs: number;
}

interface Scenario {
  readonly name: string;
  readonly raw: boolean;
  readonly camera: VirtualCameraOptions;
}

/** What is measured: a camera that sends a pattern, a scene, or the streams of these files. */
export function scenarios(streamPaths: readonly string[]): Scenario[] {
  const scene = { kind: "scene", seed: 1 } as const;
  return [
    { name: "raw, as fast as it goes", raw: true, camera: { source: { kind: "pattern" }, bytesPerSecond: 0 } },
    { name: "raw, 400 MB/s", raw: true, camera: { source: { kind: "pattern" }, bytesPerSecond: 400e6 } },
    ...[10, 200, 400].map((rate) => ({
      name: `scene decoded, ${rate} MB/s`,
      raw: false,
      camera: { source: scene, bytesPerSecond: rate * 1e6 },
    })),
    ...streamPaths.map((path) => ({
      name: `${basename(path, ".raw")} decoded, 400 MB/s`,
      raw: false,
      camera: { source: { kind: "recording" as const, path }, bytesPerSecond: 400e6 },
    })),
  ];
}

/** Runs one scenario for some seconds. */
export async function runEndToEnd(
  { name, raw, camera }: Scenario,
  { seconds, reuseBuffers }: { readonly seconds: number; readonly reuseBuffers: boolean },
): Promise<EndToEnd> {
  await configureVirtualBus([camera]);
  const device = await open({ libusb: "virtual", raw, reuseBuffers });
  const { value, usage } = await measure(async () => {
    let bytes = 0;
    let events = 0;
    let droppedBytes = 0;
    const delays: number[] = [];
    const endMs = performance.now() + seconds * 1e3;
    for await (const { status, packet } of device) {
      bytes += status.bytes;
      droppedBytes += status.droppedBytes;
      if (!(packet instanceof Uint8Array)) events += packet.polarityEvents?.t.length ?? 0;
      delays.push(status.delayMs);
      if (performance.now() > endMs) break;
    }
    device.close();
    return { bytes, events, droppedBytes, delays: delays.sort((a, b) => a - b) };
  });
  const at = (share: number) => value.delays[Math.floor(share * (value.delays.length - 1))] ?? Number.NaN;
  const { cameras } = await describeVirtualBus();
  return {
    name,
    megabytesPerSecond: value.bytes / usage.seconds / 1e6,
    megaeventsPerSecond: value.events / usage.seconds / 1e6,
    droppedBytes: value.droppedBytes,
    lostInCamera: cameras[0]!.bytesLostInCamera,
    medianDelayMs: at(0.5),
    p99DelayMs: at(0.99),
    ...usage,
  };
}

/** The results as a table. */
export function endToEndTable(results: readonly EndToEnd[], markdown: boolean): string {
  return (markdown ? markdownTable : table)(
    ["end to end", "MB/s", "Mev/s", "dropped B", "lost in camera B", "delay ms p50", "p99", "CPU s/s", "resident MiB"],
    results.map((result) => [
      result.name,
      result.megabytesPerSecond.toFixed(0),
      result.megaeventsPerSecond.toFixed(1),
      result.droppedBytes,
      result.lostInCamera,
      result.medianDelayMs.toFixed(2),
      result.p99DelayMs.toFixed(2),
      (result.cpuSeconds / result.seconds).toFixed(2),
      result.residentMiB.toFixed(0),
    ]),
  );
}
