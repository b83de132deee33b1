import type { CameraType } from "../cameras/cameras.ts";
import { wrongKind } from "../checks.ts";
import type { RecordOptions } from "./common/record_options.ts";
import type { DeviceOf } from "./device.ts";
import type { RecordingResult } from "./recorder.ts";

/** Records one device, given as it was given to {@link record}. */
type Recording = (device: object, path: string | URL, options: RecordOptions) => Promise<RecordingResult>;

/** Open devices say here how they are recorded, so that this module loads nothing of what a device consists of. */
const recordings = new WeakMap<object, Recording>();

/** Says how a device is recorded. */
export function makeRecordable(device: object, recording: Recording): void {
  recordings.set(device, recording);
}

/**
 * Records a camera: writes what it sends to a Prophesee RAW file, and beside it the receipt, `<path>.receipt.jsonl`.
 * Native code writes, so that the bytes do not pass through JavaScript.
 *
 * It needs no loop, and takes nothing from one that runs beside it. Until a loop begins, what comes is thrown away; a
 * loop that begins meanwhile gets what comes from then on. After it, where there was no loop, the next one goes on with
 * what comes then. `device.recordTo` gives a recorder to look at and to stop.
 *
 * Without `seconds`, `bytes` or `signal` it ends with the device only.
 *
 * @returns What the recording became, however it ended; `reason` says how. An aborted signal and a camera that is
 * unplugged end it, too: the file is complete up to there.
 * @throws {TypeError | RangeError} for a wrong option, and for a path with the ending of another format (`events.csv`).
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
  path: string | URL,
  options: RecordOptions = {},
): Promise<RecordingResult> {
  const recording = recordings.get(device);
  if (recording === undefined) throw wrongKind("device", "what open() returns", device);
  return await recording(device, path, options);
}
