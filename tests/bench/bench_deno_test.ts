/** The benchmarks, tiny: that they run, and that their reports are complete. What they measure so says nothing. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { decoderInfo } from "../../mod.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { getChromium } from "../../scripts/setup/chromium.ts";
import { sharedFile } from "../support/shared.ts";
import { obstacle } from "../packages/workbench.ts";
import type { AccumulatorReport } from "./accumulator.ts";
import type { CamerasResult } from "./cameras.ts";
import type { DecoderReport } from "./decoder_report.ts";
import type { EndToEnd } from "./end_to_end.ts";
import type { InstructionReport } from "./instructions.ts";
import type { MemoryReport } from "./memory.ts";
import type { Residence } from "./memory_child.ts";
import type { RecordingMeasurement } from "./recorder.ts";
import type { RecordingReport } from "./recording.ts";
import type { ReuseReport } from "./reuse.ts";
import type { StartupReport } from "./startup.ts";
import type { Watched } from "./viewer.ts";

const streams = ["sparse", "mixed", "busy", "vectors_30", "vectors_full", "others", "dark", "faulty", "random"];
const streamsOfEvt21 = ["sparse", "busy", "mixed", "vectors_30", "vectors_full"];
if (sharedFile("data/evt3_gen41.raw").skip === undefined) streams.push("recording");

/** Runs a benchmark; returns its report and its table. */
async function runQuickly(file: string, parameters: readonly string[]): Promise<{ report: unknown; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bench_test_"));
  const json = join(folder, "report.json");
  try {
    const output = await runOrThrow(
      Deno.execPath(),
      ["run", "--allow-all", join("tests", "bench", file), "--quick", "--json", json, ...parameters],
      { directory: projectDirectory },
    );
    return { report: JSON.parse(readFileSync(json, "utf8")), output };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Fails where a number is missing: JSON has null for what is not finite. */
function assertFinite(value: unknown, path: string): void {
  assert.notEqual(value, null, path);
  if (typeof value === "number") assert.ok(Number.isFinite(value), path);
  if (typeof value !== "object") return;
  for (const [name, part] of Object.entries(value as object)) assertFinite(part, `${path}.${name}`);
}

test("bench:decoder: every format, stream, kernel and engine", async () => {
  const isInChromium = !("obstacle" in await getChromium());
  const engines = ["deno", "bun", "node", ...(isInChromium ? ["chromium"] : [])];
  const { report, output } = await runQuickly("decoder.ts", ["--runtimes", engines.join(",")]);
  const { native, javaScript, ...conditions } = report as DecoderReport;
  assertFinite(report, "report");
  assert.deepEqual(Object.keys(conditions), ["date", "cpu", "cores", "system", "load", "deno", "rounds"]);
  const { possibleKernels } = await decoderInfo();
  const names = native.map(({ format, stream }) => `${format} ${stream}`);
  assert.deepEqual(names, [
    ...streams.map((stream) => `evt3 ${stream}`),
    "evt2 sparse",
    "evt2 busy",
    ...["evt21", "evt21_legacy"].flatMap((format) => streamsOfEvt21.map((stream) => `${format} ${stream}`)),
    "evt4 busy",
    "evt4 vectors_30",
  ]);
  for (const [index, times] of native.entries()) {
    const evt3 = times.format === "evt3";
    assert.ok(times.bytes >= 140_000 && times.events > 0, names[index]);
    assert.equal(times.bytes / times.words, ({ evt3: 2, evt2: 4, evt4: 4 })[times.format as string] ?? 8, names[index]);
    assert.deepEqual(Object.keys(times.decoders), evt3 ? possibleKernels : ["decoder"]);
    for (const nanoseconds of [times.memset, times.memcpy, times.baseline, ...Object.values(times.decoders)]) {
      assert.ok(nanoseconds > 0, names[index]);
    }
    if (!evt3) assert.ok(output.includes(`${times.format}, ${times.stream}`), output);
  }
  assert.deepEqual(
    javaScript.map(({ runtime, kernel }) => `${kernel} in ${runtime}`),
    // Last the decoder as WebAssembly, which is all that a page has.
    engines.flatMap((engine) =>
      [...(engine === "chromium" ? [] : possibleKernels), "simd128"].map((kernel) => `${kernel} in ${engine}`)
    ),
  );
  const evt3 = native.filter(({ format }) => format === "evt3");
  for (const run of javaScript) {
    // Natively and from JavaScript, the same streams become the same events.
    assert.deepEqual(
      run.streams.map(({ stream, words, events }) => ({ stream, words, events })).sort(byStream),
      evt3.map(({ stream, words, events }) => ({ stream, words, events })).sort(byStream),
    );
    for (const { nanoseconds } of run.streams) assert.ok(nanoseconds > 0);
  }
  for (const stream of streams) assert.ok(output.includes(stream), output);
});

test("bench:instructions: each kernel of x86-64-v2 and NEON, where QEMU counts", async () => {
  const { report, output } = await runQuickly("instructions.ts", []);
  assertFinite(report, "report");
  const { obstacle, streams: counted } = report as InstructionReport;
  if (obstacle !== undefined) {
    assert.equal(output.trim(), `skipped: ${obstacle}`);
    return;
  }
  assert.equal(counted.length, 1);
  const { stream, counts } = counted[0]!;
  assert.deepEqual(Object.keys(counts.x86_64), ["x86-64-v2", "scalar"]);
  assert.deepEqual(Object.keys(counts.aarch64), ["neon", "scalar"]);
  for (const count of [...Object.values(counts.x86_64), ...Object.values(counts.aarch64)]) assert.ok(count > 1);
  assert.match(output, new RegExp(`^${stream} `, "m"));
});

function byStream(left: { readonly stream: string }, right: { readonly stream: string }): number {
  return left.stream < right.stream ? -1 : 1;
}

test("bench: every stream from the camera to the loop", async () => {
  const { report, output } = await runQuickly("bench.ts", ["--markdown"]);
  const { endToEnd, reuse } = report as { endToEnd: readonly EndToEnd[]; reuse: readonly ReuseReport[] };
  assertFinite(endToEnd, "endToEnd");
  for (const stream of streams.filter((name) => name !== "random")) {
    const result = endToEnd.find(({ name }) => name === `${stream} decoded, 400 MB/s`);
    assert.ok(result !== undefined && result.megaeventsPerSecond > 0, stream);
    assert.ok(output.includes(`| ${result.name} |`), output);
  }
  assert.ok(endToEnd.some(({ name }) => name.startsWith("raw")));
  assert.deepEqual(reuse.map(({ runtime }) => runtime), ["deno", "bun", "node"]);
  for (const { runtime, comparisons } of reuse) {
    assert.deepEqual(comparisons.map(({ megabytesPerSecond }) => megabytesPerSecond), [10, 100, 400]);
    for (const { megabytesPerSecond, owned, reused } of comparisons) {
      assert.deepEqual([owned.length, reused.length], [1, 1]);
      for (const { cpuShare } of [...owned, ...reused]) assert.ok(cpuShare > 0);
      assert.ok(output.includes(`| scene ${megabytesPerSecond} MB/s, ${runtime} |`), output);
    }
  }
});

test("bench:cameras: all in one event loop, and each in a Worker, under every runtime", async () => {
  const { report, output } = await runQuickly("cameras.ts", ["--cameras", "2", "--busy", "1", "--markdown"]);
  const { results } = report as { results: readonly CamerasResult[] };
  assertFinite(results, "results");
  assert.deepEqual(
    results.map(({ runtime, way }) => `${way} in ${runtime}`),
    ["deno", "bun", "node"].flatMap((runtime) => [`loop in ${runtime}`, `workers in ${runtime}`]),
  );
  for (const { rounds: [round] } of results) assert.ok(round!.megabytesPerSecond > 0 && round!.megaeventsPerSecond > 0);
  assert.ok(output.includes("| 2 × 100 MB/s |"), output);
});

test("bench:accumulator: every stream and runtime", async () => {
  const { report, output } = await runQuickly("accumulator.ts", ["--runtimes", "deno,bun,node", "--markdown"]);
  const { reports } = report as { reports: readonly AccumulatorReport[] };
  assertFinite(reports, "reports");
  const ways = ["deno", "bun", "node"].flatMap((runtime) => [`native in ${runtime}`, `wasm in ${runtime}`]);
  assert.deepEqual(reports.map(({ runtime, library }) => `${library} in ${runtime}`), ways);
  for (const { streams: measured } of reports) {
    assert.deepEqual(measured.map(({ stream }) => stream), streams.toSorted());
    for (const { stream, events } of measured) {
      assert.ok(events > 0, stream);
      assert.ok(output.includes(`| ${stream} |`), output);
    }
  }
});

test("bench:recorder: each rate, beside a loop and without one", async () => {
  const { report, output } = await runQuickly("recorder.ts", ["--markdown"]);
  const { recordings } = report as { recordings: readonly RecordingMeasurement[] };
  assertFinite(recordings, "recordings");
  assert.equal(recordings.length % 4, 0);
  for (const { name, megabytesPerSecond } of recordings) {
    assert.ok(megabytesPerSecond > 0, name);
    assert.ok(output.includes(`| ${name} |`), output);
  }
});

test("bench:startup: every runtime, from the sources and from the package; the packages' sizes", {
  skip: obstacle ?? false,
}, async () => {
  const { report, output } = await runQuickly("startup.ts", []);
  assertFinite(report, "report");
  const { startups, sizes } = report as StartupReport;
  const ways = startups.map(({ runtime, from }) => `${runtime}, ${from}`);
  const runtimes = ["deno", "bun", "node"];
  assert.deepEqual(
    ways,
    ["sources", "npm package"].flatMap((from) => runtimes.map((runtime) => `${runtime}, ${from}`)),
  );
  for (const { runs } of startups) {
    for (const run of runs) assert.ok(run.open > 0 && run.process > run.import + run.open + run.firstPacket);
  }
  for (const [name, { packed, installed }] of Object.entries(sizes)) {
    assert.ok(packed > 0 && installed > packed, name);
    assert.ok(output.includes(name), output);
  }
});

test("bench:viewer: events from each place, where there is a browser", async () => {
  if ("obstacle" in await getChromium()) return;
  const { report, output } = await runQuickly("viewer.ts", ["--markdown"]);
  const { watched } = report as { watched: readonly Watched[] };
  assertFinite(watched, "watched");
  assert.deepEqual(watched.map(({ way }) => way), ["camera", "recording", "view"]);
  for (const { way, refreshMs, cpuShare } of watched) {
    assert.ok(refreshMs.length > 0 && cpuShare > 0, way);
    assert.ok(output.includes(`| ${way} |`), output);
  }
});

test("bench:memory: every runtime, alone, with the library and streaming", {
  skip: process.platform === "linux" ? false : "only Linux tells of a process's memory in /proc",
}, async () => {
  const { report, output } = await runQuickly("memory.ts", []);
  assertFinite(report, "report");
  const reports = report as readonly MemoryReport[];
  assert.deepEqual(reports.map(({ runtime }) => runtime), ["deno", "bun", "node"]);
  for (const { runtime, programs } of reports) {
    assert.deepEqual(Object.keys(programs), ["nothing", "imported", "owned", "reused"]);
    for (const [{ bytes, peakBytes, anonymousBytes }] of Object.values(programs) as [Residence][]) {
      assert.ok(anonymousBytes > 0 && bytes > anonymousBytes && peakBytes >= anonymousBytes, runtime);
    }
    assert.ok(programs.owned![0]!.bytes > programs.nothing![0]!.bytes, runtime);
    assert.match(output, new RegExp(`^${runtime} `, "m"));
  }
});

test("fuzz:decoder: some words, for every kernel", async () => {
  const { possibleKernels } = await decoderInfo();
  const output = await runOrThrow(
    Deno.execPath(),
    ["run", "--allow-all", join("tests", "fuzz", "decoder.ts"), "--words", "100000", "--seed", "1"],
    { directory: projectDirectory },
  );
  for (const kernel of possibleKernels.slice(0, -1)) {
    assert.match(output, new RegExp(`^${kernel}: 10\\d{4} words .* without a difference$`, "m"));
  }
});

test("bench:recording: every runtime reads the same events, and so do other readers, where they are", async () => {
  const { report, output } = await runQuickly("recording.ts", ["--markdown"]);
  const { reading: { bytes, readings }, opening, encoding } = report as RecordingReport;
  assertFinite(report, "report");
  assert.ok(bytes >= 4e6);
  const runtimes = ["Deno", "Bun", "Node"];
  const ours = readings.slice(0, 9);
  assert.deepEqual(ours.map(({ name }) => name.split(",")[0]), runtimes.flatMap((name) => [name, name, name]));
  for (const { name, events } of readings) {
    assert.equal(events, ours[0]!.events, name);
    assert.ok(output.includes(`| ${name} |`), output);
  }
  assert.ok(opening.bytes >= 2e7);
  assert.deepEqual(opening.openings.map(({ name }) => name), ["Deno, makes the index", ...runtimes]);
  assert.deepEqual(encoding.map(({ runtime }) => runtime), runtimes);
  for (const { encodings } of encoding) {
    assert.deepEqual(encodings.map(({ format }) => format), ["evt3", "evt2", "evt21"]);
    for (const { events, megaeventsPerSecond } of encodings) assert.ok(events >= 1e5 && megaeventsPerSecond > 0);
  }
});
