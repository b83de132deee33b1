/** The native half of the benchmark, `zig/src/bench_decoder.zig`: it makes the streams, and measures without JavaScript. */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { zigDirectory, zigEnvironment } from "../../scripts/build_native.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { setUpForTests } from "../../scripts/setup.ts";

/** What the tool is asked for. */
export interface ToolOptions {
  /** Length of each stream. */
  readonly words: number;
  /** An EVT3 RAW file that is measured, too. */
  readonly recording?: string | undefined;
}

/** One stream, in nanoseconds for all of its words. */
export interface NativeTimes {
  readonly stream: string;
  readonly words: number;
  readonly events: number;
  readonly memset: number;
  readonly memcpy: number;
  readonly yardstick: number;
  readonly kernels: Readonly<Record<string, number>>;
}

/** Measures every kernel of this machine on every stream; the folder is for files in between. */
export async function measureNatively(
  options: ToolOptions,
  rounds: number,
  folder: string,
): Promise<readonly NativeTimes[]> {
  const path = join(folder, "native.json");
  await runTool(options, ["--rounds", String(rounds), "--json", path]);
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Writes the streams as RAW files into an empty folder; returns their paths. */
export async function writeStreams(options: ToolOptions, folder: string): Promise<readonly string[]> {
  await runTool(options, ["--write", folder]);
  return readdirSync(folder).sort().map((name) => join(folder, name));
}

async function runTool({ words, recording }: ToolOptions, parameters: readonly string[]): Promise<void> {
  const { zig } = await setUpForTests();
  const source = recording === undefined ? [] : ["--recording", resolve(recording)];
  await runOrThrow(zig, ["build", "bench-decoder", "--", "--words", String(words), ...source, ...parameters], {
    directory: zigDirectory,
    environment: zigEnvironment,
  });
}
