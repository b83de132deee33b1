/** The native half of the benchmark, `zig/src/bench_main.zig`: it makes the streams, and measures without JavaScript. */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { zigDirectory, zigEnvironment } from "../../scripts/build_native.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { setUpForTests } from "../../scripts/setup.ts";

/** Byte streams that decoders understand, by the tool's names. */
export const formats = ["evt3", "evt2", "evt21", "evt21_legacy", "evt4"] as const;
export type Format = typeof formats[number];

/** What the tool is asked for. */
export interface ToolOptions {
  /** Length of each stream, a multiple of 8. */
  readonly bytes: number;
  /** An EVT3 RAW file that is measured, too. */
  readonly recording?: string | undefined;
}

/** One stream, in nanoseconds for all of its words. */
export interface NativeTimes {
  readonly format: Format;
  readonly stream: string;
  readonly words: number;
  readonly bytes: number;
  readonly events: number;
  readonly memset: number;
  readonly memcpy: number;
  readonly baseline: number;
  /** Of EVT3 every kernel of this machine; the other formats have one decoder, named so. */
  readonly decoders: Readonly<Record<string, number>>;
}

/** Measures every decoder on every stream of these formats; the folder is for files in between. */
export async function measureNatively(
  options: ToolOptions,
  measured: readonly Format[],
  rounds: number,
  folder: string,
): Promise<readonly NativeTimes[]> {
  const path = join(folder, "native.json");
  await runTool(options, ["--formats", measured.join(","), "--rounds", String(rounds), "--json", path]);
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Writes the streams of EVT3 as RAW files into an empty folder; returns their paths. */
export async function writeStreams(options: ToolOptions, folder: string): Promise<readonly string[]> {
  await runTool(options, ["--write", folder]);
  return readdirSync(folder).sort().map((name) => join(folder, name));
}

async function runTool({ bytes, recording }: ToolOptions, parameters: readonly string[]): Promise<void> {
  const { zig } = await setUpForTests();
  const source = recording === undefined ? [] : ["--recording", resolve(recording)];
  await runOrThrow(zig, ["build", "bench-decoder", "--", "--bytes", String(bytes), ...source, ...parameters], {
    directory: zigDirectory,
    environment: zigEnvironment,
  });
}
