/** The real recording of the shared data, event by event. */

import assert from "node:assert/strict";
import process from "node:process";
import { decoderInfo } from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { atRandom, cutRandomly } from "../support/random.ts";
import { runtime, slow, test } from "../support/test.ts";
import { compareRecording, cutEvery, recordedEvents, skipWithoutRecording } from "./recording.ts";
import { moduleVariable } from "../support/web_assembly_modules.ts";

const limits = { skip: skipWithoutRecording, ...slow };
const { possibleKernels } = await decoderInfo();

/** One kernel's process; decoders of a process have all the same. */
async function compareWith(kernel: string): Promise<void> {
  const { status, output } = await runChild(new URL("recording_child.ts", import.meta.url), {
    environment: { NEUROMORPHIC_DRIVERS_KERNEL: kernel },
  });
  assert.equal(status, 0, `${kernel}: ${output}`);
  assert.equal(output.trim(), kernel);
}

test(`the recording decodes to its ${recordedEvents} events`, limits, () => compareRecording((bytes) => [bytes]));

/** Children choose a kernel by the environment. */
const kernels = process.env[moduleVariable] ? { skip: "a module of WebAssembly has one kernel" } : limits;

test("every possible kernel decodes the recording, whole and in pieces of odd sizes", kernels, async () => {
  await Promise.all(possibleKernels.map(compareWith));
});

/** Under Bun a call costs some µs, a multiple of what it does elsewhere: smaller pieces would take ten seconds. */
const smallestCut = runtime === "bun" ? 16 : 1;

test(`cut at every size from ${smallestCut} to 64 bytes it gives the same`, limits, async () => {
  for (let size = smallestCut; size <= 64; size++) await compareRecording((bytes) => cutEvery(size, bytes));
});

test("cut at random places it gives the same", limits, () => {
  return atRandom((random) => compareRecording((bytes) => cutRandomly(bytes, random, 5000)));
});
