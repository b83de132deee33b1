/**
 * `deno task fuzz:decoder`: every kernel that this machine can run, the scalar one too, against the specification
 * (`decodePlainly` in zig/src/decoder/evt3/decode.zig): the same events, counters and state after any part of any words,
 * and nothing written beyond the room. Stops at the first difference and prints what reproduces it.
 *
 *     --kernel KIND      instead of this machine's: "wasm" in Node, or "neon" in QEMU
 *     --words N          how many for each kernel (default 100,000,000, about ten seconds each)
 *     --seed S           of the first stream (default 1)
 *     --recording FILE   an EVT3 RAW file to take pieces of (default: the shared recording, where it is)
 */

import { resolve } from "node:path";
import process from "node:process";
import { readOptions } from "../../scripts/arguments.ts";
import { zigDirectory, zigEnvironment } from "../../scripts/build_native.ts";
import { runCommand } from "../../scripts/commands.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { ensureEmulators } from "../../scripts/testing/emulated.ts";
import { sharedFile } from "../support/shared.ts";

const values = readOptions(import.meta, {
  kernel: { type: "string" },
  words: { type: "string", default: "100000000" },
  seed: { type: "string", default: "1" },
  recording: { type: "string" },
});
const shared = sharedFile("data/evt3_gen41.raw");
const recording = values.recording ?? (shared.skip === undefined ? shared.path : undefined);
const source = recording === undefined ? [] : ["--recording", resolve(recording)];

const { zig, node } = await setUpForTests();
const parameters = [
  "build",
  ...await stepOf(values.kernel),
  "--",
  "--words",
  values.words,
  "--seed",
  values.seed,
  ...source,
];
const { exitStatus } = await runCommand(zig, parameters, {
  directory: zigDirectory,
  environment: zigEnvironment,
  show: true,
});
process.exitCode = exitStatus;

/** What `zig build` shall run. */
async function stepOf(kernel: string | undefined): Promise<string[]> {
  if (kernel === undefined) return ["fuzz-decoder"];
  if (kernel === "wasm") return ["fuzz-wasm", `-Dnode=${node}`];
  if (kernel !== "neon") throw new Error('--kernel takes "wasm" or "neon"');
  const obstacle = await ensureEmulators();
  if (obstacle !== undefined) throw new Error(obstacle);
  return ["fuzz-neon"];
}
