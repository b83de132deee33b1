/**
 * `deno task fuzz:seek`: seeks to random times of a made recording, whose clock wraps many times, and compares what comes
 * there with what one decoding from the beginning gives. Tells how long seeks take to their first event.
 *
 *     --seeks N     how many (default 10,000)
 *     --seed S      of recording and times (default: another one each time)
 *     --mebibytes M how large the recording is (default 64)
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecording } from "../../mod.ts";
import { readOptions } from "../../scripts/arguments.ts";
import { writeLongRecording } from "../recording/testing/long_recording.ts";
import { compareSeeks, decodeLinearly, scene } from "../recording/testing/seeks.ts";
import { Random } from "../support/random.ts";

const values = readOptions(import.meta, {
  seeks: { type: "string", default: "10000" },
  seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
  mebibytes: { type: "string", default: "64" },
});

console.log(`seed ${values.seed}`);
const random = new Random(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
try {
  const path = join(folder, "a.raw");
  writeLongRecording(path, scene(random, 10_000), Number(values.mebibytes) << 20, 1200);
  const linear = await decodeLinearly(path);
  await using recording = await openRecording(path, { reuseBuffers: true });
  await recording.duration();
  const tookMs = (await compareSeeks(recording, linear, random, Number(values.seeks))).sort((a, b) => a - b);
  const at = (part: number) => tookMs[Math.floor(part * (tookMs.length - 1))]!.toFixed(1);
  const wraps = Math.floor((linear.t.at(-1)! - linear.t[0]!) / 2 ** 24);
  console.log(`${tookMs.length} seeks right, over ${linear.t.length} events and ${wraps} wraps`);
  console.log(`to the first event: median ${at(0.5)} ms, 99 % below ${at(0.99)} ms, longest ${at(1)} ms`);
} finally {
  rmSync(folder, { recursive: true });
}
