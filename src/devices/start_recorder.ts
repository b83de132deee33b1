import { NativeRecorder } from "../recording/native_recorder.ts";
import { rawHeaderText } from "../recording/raw_header_text.ts";
import {
  formatReceiptLine,
  receiptBlockBytes,
  receiptPathOf,
  type ReceiptStart,
  receiptVersion,
} from "../recording/receipt.ts";
import { closedError } from "../stream/ending.ts";
import { version } from "../version.ts";
import type { DeviceCore, DeviceParts } from "./device_core.ts";
import { defaultRecordBufferBytes, type RecordOptions } from "./common/record_options.ts";
import { DeviceRecorder } from "./recorder.ts";

/**
 * Begins a recording of an open device, which is kept from the garbage collector until it has ended. Path and options
 * are checked.
 */
export function startRecorder(core: DeviceCore, device: unknown, path: string, options: RecordOptions): DeviceRecorder {
  const { seconds, bytes = 0, force = false, signal, bufferBytes = defaultRecordBufferBytes } = options;
  const { parts, ending, description } = core;
  if (ending !== undefined) throw closedError(ending, "record", description);
  signal?.throwIfAborted();
  const receiptPath = receiptPathOf(path);
  const header = new TextEncoder().encode(headerOf(parts));
  const { eventFormat: format, properties: { width, height } } = parts.camera;
  const startLine = new TextEncoder().encode(formatReceiptLine(startOf(parts, header.length)));
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

/** Makers who sell cameras of these types under their own names; the first word of a camera's name. */
const integrators: readonly string[] = ["Prophesee", "CenturyArks", "IDS"];

function headerOf({ camera, name }: DeviceParts): string {
  const { eventFormat: format, properties: geometry, serial, firmware, rawHeader = {} } = camera;
  const maker = name.split(" ")[0]!;
  return rawHeaderText({
    format,
    geometry,
    fields: {
      ...rawHeader,
      ...(integrators.includes(maker) && { camera_integrator_name: maker }),
      ...(firmware.version !== undefined && { firmware_version: firmware.version }),
      serial_number: serial.toLowerCase(),
    },
  });
}

function startOf({ camera, name, type }: DeviceParts, headerBytes: number): ReceiptStart {
  const { eventFormat: format, properties: { width, height, sensor }, serial, firmware, configuration } = camera;
  return {
    kind: "start",
    version: receiptVersion,
    program: `neuromorphic-drivers ${version}`,
    startedMs: Date.now(),
    camera: { type, name, serial, firmware: firmware.version ?? null, sensor, configuration },
    format,
    width,
    height,
    hash: "xxh64",
    blockBytes: receiptBlockBytes,
    headerBytes,
  };
}
