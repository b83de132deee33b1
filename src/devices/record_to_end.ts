import { setTimeout } from "node:timers/promises";
import { closedError, iterationError } from "../stream/ending.ts";
import { checkRecordOptions, type RecordOptions } from "./common/record_options.ts";
import type { DeviceCore } from "./device_core.ts";
import type { DeviceRecorder, RecordingResult } from "./recorder.ts";
import { startRecorder } from "./start_recorder.ts";

/** How often raw packets that no program reads are thrown away: the ring has room for far more. */
const discardMs = 20;

/** Records a device until the recording has ended. See {@link record}. */
export async function recordToEnd(
  core: DeviceCore,
  device: object,
  path: string | URL,
  options: RecordOptions,
): Promise<RecordingResult> {
  const checked = checkRecordOptions("record", options);
  const { description, ending } = core;
  if (ending !== undefined) {
    throw iterationError(ending, description)?.thrown ?? closedError(ending, "record", description);
  }
  const result = await endOf(startRecorder(core, device, path, checked), core);
  if (result.error !== undefined) throw result.error;
  return result;
}

/** Waits until a recorder has ended; the ring stays empty where nothing else reads it. */
async function endOf(recorder: DeviceRecorder, core: DeviceCore): Promise<RecordingResult> {
  const { discarding, readerLock } = core;
  discarding.begin(readerLock.isTaken);
  try {
    while (recorder.result === undefined) {
      const ended = discarding.discard();
      if (ended !== undefined) core.close({ by: ended });
      else await setTimeout(discardMs);
    }
    return recorder.result;
  } finally {
    discarding.end();
  }
}
