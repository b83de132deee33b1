import { setTimeout } from "node:timers/promises";
import type { CameraType } from "../cameras/cameras.ts";
import { closedError, iterationError } from "../stream/ending.ts";
import { coreOf } from "./camera_device.ts";
import type { DeviceOf } from "./device.ts";
import type { DeviceCore } from "./device_core.ts";
import { checkRecordOptions, type RecordOptions, recordPath } from "./common/record_options.ts";
import type { DeviceRecorder, RecordingResult } from "./recorder.ts";
import { startRecorder } from "./start_recorder.ts";

/** How often raw packets that no program reads are thrown away: the ring has room for far more. */
const discardMs = 20;

/**
 * Records a camera and does nothing else: writes what it sends to a Prophesee RAW file, and beside it the receipt,
 * `<path>.receipt.jsonl`. Native code writes, so that the bytes do not pass through JavaScript. To record beside a loop
 * see `device.recordTo`.
 *
 * It borrows the device as a loop does. Without `seconds`, `bytes` or `signal` it ends with the device only. When it has
 * resolved, the next loop goes on with what comes then.
 *
 * @returns What the recording became, however it ended; `reason` says how. An aborted signal and a camera that is
 * unplugged end it, too: the file is complete up to there.
 * @throws {TypeError | RangeError} for a wrong option, or while the device has another reader.
 * @throws {NeuromorphicError} before anything is written: "busy" where another recorder writes the file, "file-exists" without `force`, "file-not-found" for a missing
 * folder, "permission-denied", "io" for a path that is a folder's; "closed".
 * @throws {NeuromorphicError} "no-space" or "io" where writing fails. The file and its receipt have what was written
 * before, and the device goes on.
 *
 * @example
 * ```ts
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { open, record } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" });
 * const result = await record(device, join(tmpdir(), "events.raw"), { seconds: 0.2, force: true });
 * console.log(`${result.polarityEvents} events, ${result.droppedBytes} bytes lost, ended by ${result.reason}`);
 * ```
 */
export async function record(
  device: DeviceOf<CameraType, unknown>,
  path: string,
  options: RecordOptions = {},
): Promise<RecordingResult> {
  const core = coreOf(device);
  const checkedPath = recordPath(path, "path");
  const checked = checkRecordOptions("record", options);
  const { description, readerLock, ending } = core;
  if (ending !== undefined) {
    throw iterationError(ending, description)?.thrown ?? closedError(ending, "record", description);
  }
  const reader = {};
  readerLock.acquire(reader, description);
  try {
    const result = await discardUntilEnd(core, startRecorder(core, device, checkedPath, checked));
    if (result.error !== undefined) throw result.error;
    return result;
  } finally {
    readerLock.release(reader);
  }
}

/** Throws away what comes until a recorder has ended. The decoder of the next loop has not seen it. */
async function discardUntilEnd(core: DeviceCore, recorder: DeviceRecorder): Promise<RecordingResult> {
  const { stream } = core;
  const startMs = performance.now();
  try {
    while (recorder.result === undefined) {
      const ended = stream.discard();
      if (ended !== undefined) core.close({ by: ended });
      else await setTimeout(discardMs);
    }
    stream.discard(); // what the file has is not for the next loop
    return recorder.result;
  } finally {
    stream.skip(1000 * (performance.now() - startMs));
  }
}
