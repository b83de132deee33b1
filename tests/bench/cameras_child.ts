/** Streams from several virtual cameras at once in the runtime that runs it, and prints JSON. `cameras.ts` runs it. */

import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { configureVirtualBus, describeVirtualBus, open } from "../../mod.ts";
import { readerThreadSeconds } from "./reader_thread.ts";

/** What to measure. */
export interface CamerasTask {
  readonly cameras: number;
  /** Of each camera. */
  readonly bytesPerSecond: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly reuseBuffers: boolean;
  readonly transferQueueLength: number;
  /** Each camera in a Worker of its own, or all in one event loop. */
  readonly inWorkers: boolean;
}

/** What it came to. */
export interface CamerasMeasurement {
  /** Of all cameras together. */
  readonly megabytesPerSecond: number;
  readonly megaeventsPerSecond: number;
  readonly droppedBytes: number;
  /** Bytes that were lost in the cameras, because they were not fetched in time. */
  readonly lostInCamera: number;
  /** From a transfer to the body of the loop, over the packets of all cameras. */
  readonly medianDelayMs: number;
  readonly p99DelayMs: number;
  readonly longestDelayMs: number;
  /** CPU of the whole process as a share of one core. */
  readonly cpuShare: number;
  /** Of that, the native reader threads' share, in which the virtual cameras work; missing where it is not known. */
  readonly readerShare?: number;
}

/** What one camera's loop saw between the begin and the end. */
interface Seen {
  readonly bytes: number;
  readonly events: number;
  readonly droppedBytes: number;
  readonly delaysMs: Float64Array;
}

/** A camera that streams, from the moment on at which all do. */
interface Streaming {
  /** Counts from a time of `Date.now()` on, as long as the task says. The camera goes on streaming. */
  measure(fromMs: number): Promise<Seen>;
  close(): void | Promise<unknown>;
}

async function openCamera(serial: string, task: CamerasTask): Promise<Streaming> {
  const device = await open({
    libusb: "virtual",
    serial,
    reuseBuffers: task.reuseBuffers,
    usbConfiguration: { transferQueueLength: task.transferQueueLength },
  });
  return {
    async measure(fromMs) {
      const endMs = fromMs + 1e3 * task.seconds;
      const delaysMs: number[] = [];
      let [bytes, events, droppedBytes] = [0, 0, 0];
      for await (const { status, packet } of device) {
        if (status.consumedMs < fromMs) continue;
        bytes += status.bytes;
        events += packet.polarityEvents?.t.length ?? 0;
        droppedBytes += status.droppedBytes;
        delaysMs.push(status.delayMs);
        if (status.consumedMs >= endMs) break;
      }
      return { bytes, events, droppedBytes, delaysMs: Float64Array.from(delaysMs) };
    },
    close: () => device.close(),
  };
}

/** The same in a Worker. */
async function openInWorker(serial: string, task: CamerasTask): Promise<Streaming> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { serial, task } });
  const next = <Message>() =>
    new Promise<Message>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  await next();
  return {
    measure(fromMs) {
      worker.postMessage(fromMs);
      return next<Seen>();
    },
    close: () => worker.terminate(),
  };
}

async function measureCameras(task: CamerasTask): Promise<CamerasMeasurement> {
  const serials = Array.from({ length: task.cameras }, (_, index) => String(index + 1).padStart(8, "0"));
  const source = { kind: "scene", seed: 1 } as const;
  await configureVirtualBus(serials.map((serial) => ({ serial, source, bytesPerSecond: task.bytesPerSecond })));
  const openOne = task.inWorkers ? openInWorker : openCamera;
  const streams = await Promise.all(serials.map((serial) => openOne(serial, task)));
  const lostBefore = await lostInCameras();
  const fromMs = Date.now() + 1e3 * task.warmUpSeconds;
  const measuring = Promise.all(streams.map((stream) => stream.measure(fromMs)));
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, fromMs - Date.now())));
  const begin = usedSeconds();
  const seen = await measuring;
  const end = usedSeconds(); // the reader threads' time goes with them
  const lostInCamera = await lostInCameras() - lostBefore;
  for (const stream of streams) await stream.close();
  return { ...summary(seen, begin, end), lostInCamera };
}

/** CPU of this process so far. */
interface UsedSeconds {
  readonly atMs: number;
  readonly process: number;
  readonly readers: number | undefined;
}

function usedSeconds(): UsedSeconds {
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), process: (user + system) / 1e6, readers: readerThreadSeconds() };
}

function summary(
  seen: readonly Seen[],
  begin: UsedSeconds,
  end: UsedSeconds,
): Omit<CamerasMeasurement, "lostInCamera"> {
  const seconds = (end.atMs - begin.atMs) / 1e3;
  const sum = (figure: (one: Seen) => number) => seen.reduce((total, one) => total + figure(one), 0);
  const delaysMs = Float64Array.from(seen.flatMap((one) => [...one.delaysMs])).sort();
  const at = (share: number): number => delaysMs[Math.floor(share * (delaysMs.length - 1))] ?? 0;
  return {
    megabytesPerSecond: sum(({ bytes }) => bytes) / seconds / 1e6,
    megaeventsPerSecond: sum(({ events }) => events) / seconds / 1e6,
    droppedBytes: sum(({ droppedBytes }) => droppedBytes),
    medianDelayMs: at(0.5),
    p99DelayMs: at(0.99),
    longestDelayMs: at(1),
    cpuShare: (end.process - begin.process) / seconds,
    ...(end.readers !== undefined && begin.readers !== undefined && {
      readerShare: (end.readers - begin.readers) / seconds,
    }),
  };
}

async function lostInCameras(): Promise<number> {
  const { cameras } = await describeVirtualBus();
  return cameras.reduce((sum, { bytesLostInCamera }) => sum + bytesLostInCamera, 0);
}

if (isMainThread) {
  console.log(JSON.stringify(await measureCameras(JSON.parse(process.argv[2]!))));
} else {
  const { serial, task } = workerData as { readonly serial: string; readonly task: CamerasTask };
  const streaming = await openCamera(serial, task);
  parentPort!.once("message", async (fromMs: number) => parentPort!.postMessage(await streaming.measure(fromMs)));
  parentPort!.postMessage("streams");
}
