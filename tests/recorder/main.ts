/**
 * `deno task test:recorder`: programs that record at full rate are killed at random moments, or run into a full disk. Each
 * time the file must have all that was written, with a receipt that fits.
 *
 *     --rounds N     how many programs (default 1000); half of them are killed
 *     --seed S       what a printed seed repeats: which moments and which limits
 *     --rate B       bytes per second (default 400e6)
 *     --folder PATH  where to (default: /dev/shm, else the temporary folder)
 *     --limit MS     how much a kill may cost (default 100; more on a machine that is busy with other things)
 *
 * Prints how much a kill has cost: from the last number of the pattern in the file to the moment of the kill.
 */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { repairReceipt, verifyRecording } from "../../mod.ts";
import { readOptions } from "../../scripts/arguments.ts";
import { receiptPathOf } from "../../src/recording/receipt.ts";
import { childCommand } from "../support/child.ts";
import { Random } from "../support/random.ts";
import { check } from "./check.ts";

/** How long a recording goes on before it is killed, in ms. */
const [shortestMs, longestMs] = [50, 600];

/** In units of 512 bytes: from less than a chunk to 200 MB. */
const [smallestLimit, largestLimit] = [100, 400_000];

/** One of so many receipts is completed, which takes longer than the recording. */
const repairedOf = 10;

const options = readOptions(import.meta, {
  rounds: { type: "string", default: "1000" },
  seed: { type: "string" },
  rate: { type: "string", default: "400e6" },
  folder: { type: "string" },
  limit: { type: "string", default: "100" },
});

const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 32));
const rate = Number(options.rate);
const limitMs = Number(options.limit);
const folder = mkdtempSync(join(options.folder ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir()), "recorder-"));
const path = join(folder, "a.raw");
const childModule = new URL("./recording_child.ts", import.meta.url);
const { command, parameters } = childCommand(childModule, {
  parameters: [path, String(rate)],
  denoPermissions: ["--allow-all", "--no-code-cache"], // Deno's own files have no limit to meet
});

/** Reads a child's lines. */
function linesOf(child: ChildProcess): AsyncIterator<string> {
  return createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
}

async function next<Value>(lines: AsyncIterator<string>): Promise<Value> {
  const { value } = await lines.next();
  assert.ok(value !== undefined, "the program has ended without a word");
  return JSON.parse(value);
}

/** Kills a recording; returns how many ms of it are lost. NaN where the file is too short to tell. */
async function killRound(random: Random): Promise<number> {
  const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  const known = await next<{ receivedMs: number; number: number }>(linesOf(child));
  await new Promise((resolve) => setTimeout(resolve, random.between(shortestMs, longestMs)));
  const killedMs = Date.now();
  child.kill("SIGKILL");
  await once(child, "exit");
  const { lastNumber, file } = check(path, random);
  if (random.next() < 1 / repairedOf) {
    await repairReceipt(path);
    const { verdict, receiptBytes } = await verifyRecording(path);
    // Words of the pattern look like jumps of the sensor's time.
    assert.ok(verdict === "complete" || verdict === "gaps", verdict);
    assert.equal(receiptBytes, file.length);
  }
  const writtenMs = known.receivedMs + (lastNumber - known.number) * 8000 / rate;
  return killedMs - writtenMs;
}

/** Lets a recording run into a limit of its file's size. */
async function fullDiskRound(random: Random): Promise<void> {
  const limit = Math.round(smallestLimit * (largestLimit / smallestLimit) ** random.next());
  const child = spawn("sh", ["-c", `ulimit -f ${limit}; exec "$@"`, "sh", command, ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = linesOf(child);
  await next(lines);
  const { reason, code, bytes } = await next<{ reason: string; code: string; bytes: number }>(lines);
  if (child.exitCode === null) await once(child, "exit");
  assert.deepEqual([reason, code], ["no-space", "no-space"]);
  const { file, receipt } = check(path, random);
  assert.equal(file.length, bytes);
  assert.equal(receipt.end?.reason, "no-space");
}

async function run(rounds: number): Promise<void> {
  const random = new Random(seed);
  const lost: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) lost.push(await killRound(random));
    else await fullDiskRound(random);
    rmSync(path);
    rmSync(receiptPathOf(path));
    if (round % 20 === 19) console.log(`${round + 1} of ${rounds}: ${summary(lost)}`);
  }
  console.log(`${rounds} rounds: each file whole up to its end, each receipt right; ${summary(lost)}`);
  const most = Math.max(...lost.filter((ms) => !Number.isNaN(ms)));
  if (most > limitMs) throw new Error(`a kill has cost ${most.toFixed(0)} ms, more than ${limitMs}`);
}

function summary(lost: readonly number[]): string {
  const sorted = lost.filter((ms) => !Number.isNaN(ms)).sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.toFixed(1);
  return `lost by a kill: median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms, most ${at(1)} ms`;
}

console.log(`seed ${seed}`);
try {
  await run(Number(options.rounds));
} catch (error) {
  console.error(`seed ${seed}:`, error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
