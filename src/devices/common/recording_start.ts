/** What stands at the beginning of a camera's recording and its receipt. */

import type { CameraType } from "../../cameras/cameras.ts";
import type { OpenCamera } from "../../cameras/driver.ts";
import { rawHeaderText } from "../../recording/raw_header_text.ts";
import { receiptBlockBytes, type ReceiptStart, receiptVersion } from "../../recording/receipt.ts";
import { xxh64 } from "../../recording/xxh64.ts";
import { version } from "../../version.ts";

/** The camera that is recorded. */
export interface RecordedDevice {
  readonly type: CameraType;
  readonly name: string;
  readonly camera: OpenCamera;
}

/** Makers who sell cameras of these types under their own names; the first word of a camera's name. */
const integrators: readonly string[] = ["Prophesee", "CenturyArks", "IDS"];

/** The header of a RAW file of a camera. */
export function recordingHeader({ camera, name }: RecordedDevice): string {
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

/** The first line of its receipt, by the bytes of the header. */
export function recordingStart({ camera, name, type }: RecordedDevice, header: Uint8Array): ReceiptStart {
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
    headerBytes: header.length,
    headerHash: xxh64(header),
  };
}
