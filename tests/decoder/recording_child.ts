/**
 * Decodes the recording with the kernel that the environment names, whole and in pieces that begin within a word as often
 * as not, and prints the kernel. `recording_test.ts` runs it.
 */

import { decoderInfo } from "../../mod.ts";
import { compareRecording, cutEvery } from "./recording.ts";

/** Around the lengths of a kernel's blocks, a word or half of one more or less, and far beyond. */
const sizes = [9, 31, 33, 61, 63, 65, 67, 127, 129, 131, 257, 1023, 4097, 65_537];

await compareRecording((bytes) => [bytes]);
for (const size of sizes) await compareRecording((bytes) => cutEvery(size, bytes));
console.log((await decoderInfo()).kernel);
