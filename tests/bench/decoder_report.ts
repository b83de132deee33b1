/** What `bench:decoder` found, and its tables. */

import { type Conditions, formatConditions } from "./conditions.ts";
import type { ChildReport, ThroughJavaScript } from "./decoding_times.ts";
import { replaceBetweenMarks } from "./document.ts";
import { markdownTable, median, table } from "./measure.ts";
import type { NativeTimes } from "./native_tool.ts";

/** The kernel of WebAssembly. */
export const webAssembly = "simd128";

/** One kernel in one runtime. */
export interface JavaScriptRun extends ChildReport {
  readonly runtime: string;
}

/** Everything, in nanoseconds; all figures follow from it. */
export interface DecoderReport extends Conditions {
  readonly rounds: number;
  readonly native: readonly NativeTimes[];
  readonly javaScript: readonly JavaScriptRun[];
}

/** Everything that was measured, as text. */
export function reportText(report: DecoderReport, markdown: boolean): string {
  const parts = [formatConditions(report)];
  if (timesOfEvt3(report).length > 0) {
    parts.push(...tablesOfEvt3(report, markdown));
  }
  if (timesOfOthers(report).length > 0) parts.push(otherFormatsTable(report, markdown));
  return parts.join("\n\n");
}

function tablesOfEvt3(report: DecoderReport, markdown: boolean): string[] {
  const tables = runtimesOf(report).length === 0
    ? []
    : [summaryTable(report, markdown), callLine(report), detailTable(report, markdown)];
  return [...tables, webAssemblyTable(report, markdown)];
}

/** Those with native kernels; a page has none. */
function runtimesOf({ javaScript }: DecoderReport): string[] {
  return [...new Set(javaScript.filter(({ kernel }) => kernel !== webAssembly).map(({ runtime }) => runtime))];
}

/** For each stream of EVT3 the baseline, and how many times faster each kernel is. */
function summaryTable(report: DecoderReport, markdown: boolean): string {
  const kernels = Object.keys(timesOfEvt3(report)[0]!.decoders);
  const best = kernels[0]!;
  const header = [
    "stream",
    "events/word",
    "baseline Mev/s",
    ...kernels.map((kernel) => `${kernel} ×`),
    `${best} Mev/s`,
    "of memset",
    "cost of JS",
  ];
  const rows = timesOfEvt3(report).map((times) => [
    times.stream,
    (times.events / times.words).toFixed(2),
    rate(times.events, times.baseline),
    ...kernels.map((kernel) => (times.baseline / times.decoders[kernel]!).toFixed(1)),
    rate(times.events, times.decoders[best]!),
    percent(times.memset / times.decoders[best]!),
    percent(costOfJavaScript(throughJavaScript(report, runtimesOf(report)[0]!, best, times.stream)), 1),
  ]);
  return (markdown ? markdownTable : table)(header, rows);
}

/** Every figure of EVT3. */
function detailTable(report: DecoderReport, markdown: boolean): string {
  const runtimes = runtimesOf(report);
  const header = [
    "stream, decoder",
    "Mev/s",
    "MB/s",
    "ns/word",
    "× baseline",
    "of memset",
    ...runtimes.flatMap((runtime) => [`${runtime} Mev/s`, "cost of JS", "with pauses"]),
  ];
  const rows = timesOfEvt3(report).flatMap((times) => {
    const { stream, memset, memcpy, baseline, decoders } = times;
    const references = Object.entries({ memset, memcpy, baseline });
    return [...references, ...Object.entries(decoders)].map(([name, nanoseconds]) => [
      `${stream}, ${name}`,
      rate(times.events, nanoseconds),
      rate(times.bytes, nanoseconds),
      (nanoseconds / times.words).toFixed(2),
      (baseline / nanoseconds).toFixed(2),
      percent(memset / nanoseconds),
      ...runtimes.flatMap((runtime) => {
        if (decoders[name] === undefined) return ["", "", ""];
        const result = throughJavaScript(report, runtime, name, stream);
        return [
          rate(result.events, result.nanoseconds),
          percent(costOfJavaScript(result), 1),
          percent(costWithPauses(result), 1),
        ];
      }),
    ]);
  });
  return (markdown ? markdownTable : table)(header, rows);
}

/** The native kernel with vectors as long as WebAssembly's: 128 bits. */
function kernelLikeWebAssembly(decoders: NativeTimes["decoders"]): string | undefined {
  return ["x86-64-v2", "neon"].find((kernel) => kernel in decoders);
}

/** WebAssembly in each engine, beside the native kernels, whose figures are those without JavaScript. */
function webAssemblyTable(report: DecoderReport, markdown: boolean): string {
  const kernels = Object.keys(timesOfEvt3(report)[0]!.decoders);
  const like = kernelLikeWebAssembly(timesOfEvt3(report)[0]!.decoders);
  const engines = report.javaScript.filter(({ kernel }) => kernel === webAssembly).map(({ runtime }) => runtime);
  const header = [
    "WebAssembly",
    ...kernels.map((kernel) => `${kernel} Mev/s`),
    ...engines.flatMap((engine) => [`${engine} Mev/s`, `÷ ${like}`, "reused", "alone"]),
  ];
  const rows = timesOfEvt3(report).map(({ stream, events, decoders }) => [
    stream,
    ...kernels.map((kernel) => rate(events, decoders[kernel]!)),
    ...engines.flatMap((engine) => {
      const { nanoseconds, ...others } = throughJavaScript(report, engine, webAssembly, stream);
      const native = like === undefined ? NaN : decoders[like]!;
      const ratios = [nanoseconds, others.reusedNanoseconds, others.nativeNanoseconds].map((time) => native / time);
      return [rate(events, nanoseconds), ...ratios.map((ratio) => ratio.toFixed(2))];
    }),
  ]);
  return (markdown ? markdownTable : table)(header, rows);
}

/** Every figure of the formats that have one decoder. */
function otherFormatsTable(report: DecoderReport, markdown: boolean): string {
  const header = [
    "format, stream",
    "events/word",
    "memset Mev/s",
    "memcpy Mev/s",
    "baseline Mev/s",
    "decoder Mev/s",
    "MB/s",
    "ns/word",
    "× baseline",
    "of memset",
  ];
  const rows = timesOfOthers(report).map((times) => {
    const decoder = times.decoders["decoder"]!;
    return [
      `${times.format}, ${times.stream}`,
      (times.events / times.words).toFixed(2),
      ...[times.memset, times.memcpy, times.baseline, decoder].map((nanoseconds) => rate(times.events, nanoseconds)),
      rate(times.bytes, decoder),
      (decoder / times.words).toFixed(2),
      (times.baseline / decoder).toFixed(2),
      percent(times.memset / decoder),
    ];
  });
  return (markdown ? markdownTable : table)(header, rows);
}

/** What the way through the foreign-function interface takes, of the cost of JavaScript. */
function callLine(report: DecoderReport): string {
  const times = runtimesOf(report).map((runtime) => {
    const ofRuntime = report.javaScript
      .filter((run) => run.runtime === runtime && run.kernel !== webAssembly).map((run) => run.callNanoseconds);
    return `${median(ofRuntime).toFixed(0)} ns (${runtime})`;
  });
  return `A native call that decodes nothing takes ${times.join(", ")}.`;
}

/** Replaces the tables of what was measured in the document, each between its two marks. */
export function updateDocument(report: DecoderReport): void {
  const conditions = formatConditions(report);
  if (timesOfEvt3(report).length > 0) {
    replaceBetweenMarks("bench:decoder", [conditions, ...tablesOfEvt3(report, true)]);
  }
  if (timesOfOthers(report).length > 0) {
    replaceBetweenMarks("bench:decoder evt2", [conditions, otherFormatsTable(report, true)]);
  }
}

function timesOfEvt3({ native }: DecoderReport): NativeTimes[] {
  return native.filter(({ format }) => format === "evt3");
}

function timesOfOthers({ native }: DecoderReport): NativeTimes[] {
  return native.filter(({ format }) => format !== "evt3");
}

function throughJavaScript(report: DecoderReport, runtime: string, kernel: string, stream: string): ThroughJavaScript {
  const run = report.javaScript.find((candidate) => candidate.runtime === runtime && candidate.kernel === kernel);
  return run!.streams.find((candidate) => candidate.stream === stream)!;
}

/** What `decode` takes beyond its native calls, as a share of these. */
export function costOfJavaScript({ nanoseconds, nativeNanoseconds }: ThroughJavaScript): number {
  return nanoseconds / nativeNanoseconds - 1;
}

/** The same on average, garbage collections included. */
export function costWithPauses({ meanNanoseconds, meanNativeNanoseconds }: ThroughJavaScript): number {
  return meanNanoseconds / meanNativeNanoseconds - 1;
}

/** Millions a second. */
function rate(amount: number, nanoseconds: number): string {
  return (1e3 * amount / nanoseconds).toFixed(0);
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
