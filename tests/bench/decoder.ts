/**
 * `deno task bench:decoder`: the decoders of every format on every mix of words, beside a straightforward scalar decoder
 * (the baseline), a memset of the output and a memcpy of the input; for EVT3 every kernel that this machine can run,
 * natively and from JavaScript, and there WebAssembly's as well. `tests/bench/README.md` says how it measures.
 *
 *     --formats LIST     which: evt3, evt2, evt21, evt21_legacy, evt4 (default: all)
 *     --recording FILE   an EVT3 RAW file to measure with, too (default: the shared recording, where it is)
 *     --runtimes LIST    what runs the JavaScript: deno, bun, node, chromium (default deno); the last has WebAssembly only
 *     --rounds N         how often each is measured (default 31)
 *     --quick            tiny streams, one round: only to see that everything runs
 *     --json FILE        the report as JSON, too
 *     --markdown         tables for a document instead of for a terminal
 *     --update           puts the tables of what was measured into tests/bench/README.md
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "../../scripts/arguments.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { say } from "../../scripts/progress.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { sharedFile } from "../support/shared.ts";
import { conditions } from "./conditions.ts";
import { measureInChromium } from "./decoder_chromium.ts";
import { type DecoderReport, type JavaScriptRun, reportText, updateDocument, webAssembly } from "./decoder_report.ts";
import type { ChildReport } from "./decoding_times.ts";
import { type Format, formats, measureNatively, writeStreams } from "./native_tool.ts";

const values = readOptions(import.meta, {
  formats: { type: "string", default: formats.join(",") },
  recording: { type: "string" },
  runtimes: { type: "string", default: "deno" },
  rounds: { type: "string", default: "31" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
  update: { type: "boolean", default: false },
});
const rounds = values.quick ? 1 : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds must be 1 or more, not ${values.rounds}`);
const measured = values.formats.split(",").map((name): Format => {
  const format = formats.find((known) => known === name.replace("-", "_"));
  if (format === undefined) throw new RangeError(`--formats must be of ${formats.join(", ")}, not ${name}`);
  return format;
});
if (values.update) checkUpdate();
const shared = sharedFile("data/evt3_gen41.raw");
const recording = values.recording ?? (shared.skip === undefined ? shared.path : undefined);
// Tiny, but of more than one part; otherwise forty parts of 128 KiB.
const bytes = values.quick ? 140_000 : 40 * (128 << 10);

const { bun, node } = await setUpForTests();
const commands: Readonly<Record<string, readonly string[]>> = {
  deno: [Deno.execPath(), "run", "--allow-all", "--quiet"],
  bun: [bun],
  node: [node],
};

/** What makes a program decode by WebAssembly. */
const preloaded = join(projectDirectory, "tests", "support", "web_assembly.ts");

const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bench_"));
try {
  const started = conditions();
  const native = await measureNatively({ bytes, recording }, measured, rounds, folder);
  const evt3 = native.find(({ format }) => format === "evt3");
  const javaScript = evt3 === undefined ? [] : await measureJavaScript(Object.keys(evt3.decoders));
  const report: DecoderReport = { ...started, rounds, native, javaScript };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (values.update) updateDocument(report);
  if (values.quick) console.log("Tiny streams, measured once: the figures mean nothing.\n");
  console.log(reportText(report, values.markdown));
} finally {
  rmSync(folder, { recursive: true });
}

/** A table is written whole, and not of tiny streams. */
function checkUpdate(): void {
  const others = measured.filter((format) => format !== "evt3").length;
  if (values.quick) throw new RangeError("--update is not for --quick, whose figures mean nothing");
  if (others > 0 && others < formats.length - 1) {
    throw new RangeError("--update needs all formats but evt3, or none of them: they share a table");
  }
}

/** EVT3 alone: JavaScript handles the packets of all formats alike. */
async function measureJavaScript(kernels: readonly string[]): Promise<JavaScriptRun[]> {
  const streamFolder = join(folder, "streams");
  mkdirSync(streamFolder);
  const paths = await writeStreams({ bytes, recording }, streamFolder);
  const runs: JavaScriptRun[] = [];
  for (const runtime of values.runtimes.split(",")) {
    if (runtime === "chromium") {
      say(`${webAssembly} in ${runtime}`);
      runs.push({ runtime, ...await measureInChromium(paths, rounds) });
      continue;
    }
    for (const kernel of [...kernels, webAssembly]) {
      runs.push({ runtime, ...await measureChild(runtime, kernel, paths) });
    }
  }
  return runs;
}

async function measureChild(runtime: string, kernel: string, paths: readonly string[]): Promise<ChildReport> {
  const [program, ...parameters] = commands[runtime] ?? [];
  if (program === undefined) throw new RangeError(`--runtimes must be of deno, bun, node and chromium, not ${runtime}`);
  say(`${kernel} in ${runtime}`);
  const child = join(projectDirectory, "tests", "bench", "decoder_child.ts");
  const isNative = kernel !== webAssembly;
  const first = isNative ? [] : [runtime === "node" ? "--import" : "--preload", preloaded];
  const output = await runOrThrow(program, [...parameters, ...first, child, String(rounds), ...paths], {
    environment: isNative ? { NEUROMORPHIC_DRIVERS_KERNEL: kernel } : {},
  });
  return JSON.parse(output);
}
