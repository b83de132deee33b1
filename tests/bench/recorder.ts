/**
 * `deno task bench:recorder`: a recording of the virtual camera, beside a loop that decodes, and without one. The camera,
 * the loop and the recorder run on the same machine.
 *
 *     --seconds N    for each measurement (default 3)
 *     --folder PATH  where to (default: /dev/shm, which is memory, else the temporary folder)
 *     --quick        a moment for each: only to see that everything runs
 *     --json FILE    the report as JSON, too
 *     --markdown     a table for a document instead of for a terminal
 */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configureVirtualBus, describeVirtualBus, open, record, type VirtualSource } from "../../mod.ts";
import { readOptions } from "../../scripts/arguments.ts";
import { sharedFile } from "../support/shared.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { markdownTable, measure, table, type Usage } from "./measure.ts";

/** One measurement. */
export interface RecordingMeasurement extends Usage {
  readonly name: string;
  /** Of the file. */
  readonly megabytesPerSecond: number;
  /** Bytes that the recorder, the ring and the camera have lost. */
  readonly droppedByRecorder: number;
  readonly droppedByRing: number;
  readonly lostInCamera: number;
  /** Events that the loop has got. */
  readonly megaeventsPerSecond: number;
}

const values = readOptions(import.meta, {
  seconds: { type: "string", default: "3" },
  folder: { type: "string" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
});
const seconds = values.quick ? 0.05 : Number(values.seconds);

interface Scenario {
  readonly name: string;
  readonly source: VirtualSource;
  readonly megabytesPerSecond: number;
  readonly loop: boolean;
}

function scenarios(): Scenario[] {
  const shared = sharedFile("data/evt3_gen41.raw");
  const sources: [string, VirtualSource][] = [["the demo's scene", { kind: "scene" }]];
  if (shared.skip === undefined) sources.push(["a recording", { kind: "recording", path: shared.path }]);
  return sources.flatMap(([title, source]) =>
    [100, 400].flatMap((megabytesPerSecond) =>
      [false, true].map((loop) => ({
        name: `${title}, ${megabytesPerSecond} MB/s, ${loop ? "beside a loop" : "alone"}`,
        source,
        megabytesPerSecond,
        loop,
      }))
    )
  );
}

async function run({ name, source, megabytesPerSecond, loop }: Scenario, path: string): Promise<RecordingMeasurement> {
  await configureVirtualBus([{ source, bytesPerSecond: megabytesPerSecond * 1e6 }]);
  const device = await open({ libusb: "virtual" });
  const { value, usage } = await measure(async () => {
    if (!loop) return { result: await record(device, path, { seconds, force: true }), events: 0 };
    const recorder = device.recordTo(path, { seconds, force: true });
    let events = 0;
    for await (const { packet } of device) {
      events += packet.polarityEvents?.t.length ?? 0;
      if (recorder.statistics.reason !== undefined) break;
    }
    return { result: await recorder.finished, events };
  });
  const { droppedBytes } = device.statistics;
  device.close();
  const { cameras } = await describeVirtualBus();
  return {
    name,
    megabytesPerSecond: value.result.bytesPerSecond / 1e6,
    droppedByRecorder: value.result.droppedBytes,
    droppedByRing: droppedBytes,
    lostInCamera: cameras[0]!.bytesLostInCamera,
    megaeventsPerSecond: value.events / usage.seconds / 1e6,
    ...usage,
  };
}

const folder = mkdtempSync(join(values.folder ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir()), "bench-recording-"));
try {
  const started = conditions();
  const recordings: RecordingMeasurement[] = [];
  for (const scenario of scenarios()) recordings.push(await run(scenario, join(folder, "a.raw")));
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ ...started, seconds, recordings }, undefined, 2)}\n`);
  }
  const rows = recordings.map((result) => [
    result.name,
    result.megabytesPerSecond.toFixed(0),
    result.droppedByRecorder,
    result.droppedByRing,
    result.lostInCamera,
    result.megaeventsPerSecond.toFixed(0),
    (result.cpuSeconds / result.seconds).toFixed(2),
  ]);
  const header = [
    "recorded",
    "MB/s",
    "lost to the file B",
    "dropped by the ring B",
    "lost in camera B",
    "loop Mev/s",
    "CPU s/s",
  ];
  console.log([formatConditions(started), (values.markdown ? markdownTable : table)(header, rows)].join("\n\n"));
} finally {
  await configureVirtualBus();
  rmSync(folder, { recursive: true });
}
