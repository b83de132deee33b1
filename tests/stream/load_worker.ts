/** A Worker of `load_test.ts`: checks batches that are posted to it, or opens a camera itself. */

import { parentPort, workerData } from "node:worker_threads";
import { open, type PolarityEvents } from "../../mod.ts";
import { type Batch, SequenceReader } from "../support/sequence.ts";

/** What the test posts. */
export interface PostedBatch {
  readonly batch: Batch;
  readonly events: PolarityEvents | undefined;
}

/** What the Worker comes to. */
export interface WorkerResult {
  readonly read: number;
  readonly dropped: number;
  readonly events: number;
  readonly gaps: number;
  readonly failure?: string;
}

const reader = new SequenceReader(workerData.intervalUs);
const port = parentPort!;

if (workerData.serial === undefined) {
  port.on("message", (posted: PostedBatch | "end") => answering(() => check(posted)));
  port.postMessage("taken"); // it is ready
} else {
  answering(() => readCamera(workerData.serial, workerData.events));
}

function check(posted: PostedBatch | "end"): void {
  if (posted === "end") return answer();
  reader.take(posted.batch, posted.events);
  port.postMessage("taken");
}

async function readCamera(serial: string, events: number): Promise<void> {
  await using device = await open({ libusb: "virtual", serial, usbConfiguration: { ringLength: 100 } });
  for await (const { status, packet } of device) {
    reader.take(status, packet.polarityEvents);
    if (reader.events >= events) break;
  }
  device.close();
  answer();
}

function answer(failure?: unknown): void {
  const { read, dropped, events, gaps } = reader;
  const result: WorkerResult = { read, dropped, events, gaps };
  port.postMessage(failure === undefined ? result : { ...result, failure: String(failure) });
}

async function answering(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    answer(error);
  }
}
