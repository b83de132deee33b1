import { fileURLToPath } from "node:url";
import { NativeRecorder } from "../recording/native_recorder.ts";
import { formatReceiptLine, receiptPathOf } from "../recording/receipt.ts";
import { checkRecordName } from "../recording/record_name.ts";
import { closedError } from "../stream/ending.ts";
import { recordingHeader, recordingStart } from "./common/recording_start.ts";
import type { DeviceCore } from "./device_core.ts";
import { defaultRecordBufferBytes, type RecordOptions } from "./common/record_options.ts";
import { DeviceRecorder } from "./recorder.ts";

/**
 * Begins a recording of an open device, which is kept from the garbage collector until it has ended. The options
 * are checked.
 */
export function startRecorder(
  core: DeviceCore,
  device: unknown,
  file: string | URL,
  options: RecordOptions,
): DeviceRecorder {
  const checkedFile = checkRecordName(file, "path");
  const path = typeof checkedFile === "string" ? checkedFile : fileURLToPath(checkedFile);
  const { seconds, bytes = 0, force = false, signal, bufferBytes = defaultRecordBufferBytes } = options;
  const { parts, ending, description } = core;
  if (ending !== undefined) throw closedError(ending, "record", description);
  signal?.throwIfAborted();
  const receiptPath = receiptPathOf(path);
  const header = new TextEncoder().encode(recordingHeader(parts));
  const { eventFormat: format, properties: { width, height } } = parts.camera;
  const startLine = new TextEncoder().encode(formatReceiptLine(recordingStart(parts, header)));
  const attach = (stream: number) =>
    new NativeRecorder(parts.stream.native, stream, {
      path,
      receiptPath,
      header,
      startLine,
      overwrite: force,
      format,
      geometry: { width, height },
      bufferBytes,
      maximumBytes: bytes,
      maximumMs: seconds === undefined ? 0 : Math.max(1, Math.round(1000 * seconds)),
    });
  return new DeviceRecorder(parts.stream, attach, { path, receiptPath, signal, holds: device });
}
