/** What `bench:decoder` found, and its tables. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../../scripts/project.ts";
import { type Conditions, formatConditions } from "./conditions.ts";
import type { ChildReport, ThroughJavaScript } from "./decoder_child.ts";
import { markdownTable, median, table } from "./measure.ts";
import type { NativeTimes } from "./native_tool.ts";

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

/** For each stream the yardstick, and how many times faster each kernel is. */
export function summaryTable(report: DecoderReport, markdown: boolean): string {
  const kernels = kernelsOf(report);
  const best = kernels[0]!;
  const header = [
    "stream",
    "events/word",
    "yardstick Mev/s",
    ...kernels.map((kernel) => `${kernel} ×`),
    `${best} Mev/s`,
    "of memset",
    "cost of JS",
  ];
  const rows = report.native.map((times) => [
    times.stream,
    (times.events / times.words).toFixed(2),
    rate(times.events, times.yardstick),
    ...kernels.map((kernel) => (times.yardstick / times.kernels[kernel]!).toFixed(1)),
    rate(times.events, times.kernels[best]!),
    percent(times.memset / times.kernels[best]!),
    percent(costOfJavaScript(throughJavaScript(report, report.javaScript[0]!.runtime, best, times.stream)), 1),
  ]);
  return `${formatConditions(report)}\n\n${(markdown ? markdownTable : table)(header, rows)}`;
}

/** Every figure. */
export function detailTable(report: DecoderReport, markdown: boolean): string {
  const runtimes = [...new Set(report.javaScript.map(({ runtime }) => runtime))];
  const header = [
    "stream, decoder",
    "Mev/s",
    "MB/s",
    "ns/word",
    "× yardstick",
    "of memset",
    ...runtimes.flatMap((runtime) => [`${runtime} Mev/s`, "cost of JS", "with pauses"]),
  ];
  const rows = report.native.flatMap((times) => {
    const { stream, memset, memcpy, yardstick, kernels } = times;
    const references = Object.entries({ memset, memcpy, yardstick });
    return [...references, ...Object.entries(kernels)].map(([name, nanoseconds]) => [
      `${stream}, ${name}`,
      rate(times.events, nanoseconds),
      rate(2 * times.words, nanoseconds),
      (nanoseconds / times.words).toFixed(2),
      (yardstick / nanoseconds).toFixed(2),
      percent(memset / nanoseconds),
      ...runtimes.flatMap((runtime) => {
        if (kernels[name] === undefined) return ["", "", ""];
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

/** What the way through the foreign-function interface takes, of the cost of JavaScript. */
export function callLine({ javaScript }: DecoderReport): string {
  const runtimes = [...new Set(javaScript.map(({ runtime }) => runtime))];
  const times = runtimes.map((runtime) => {
    const ofRuntime = javaScript.filter((run) => run.runtime === runtime).map((run) => run.callNanoseconds);
    return `${median(ofRuntime).toFixed(0)} ns (${runtime})`;
  });
  return `A native call that decodes nothing takes ${times.join(", ")}.`;
}

/** Replaces the tables in the documents, between their two marks. */
export function updateDocuments(report: DecoderReport): void {
  replaceBetweenMarks("README.md", summaryTable(report, true));
  replaceBetweenMarks(
    join("tests", "bench", "README.md"),
    `${summaryTable(report, true)}\n\n${callLine(report)}\n\n${detailTable(report, true)}`,
  );
}

function replaceBetweenMarks(name: string, text: string): void {
  const path = join(projectDirectory, name);
  const document = readFileSync(path, "utf8");
  const between = /(<!-- bench:decoder -->\n)[^]*(<!-- \/bench:decoder -->\n)/;
  if (!between.test(document)) throw new Error(`${name} must have the marks of bench:decoder`);
  writeFileSync(path, document.replace(between, (_, begin, end) => `${begin}\n${text}\n\n${end}`));
}

function kernelsOf(report: DecoderReport): string[] {
  return Object.keys(report.native[0]!.kernels);
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
