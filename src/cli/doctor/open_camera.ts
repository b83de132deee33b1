/** Whether a camera opens and sends: what no look at the system can tell. */

import {
  type CameraProperties,
  type Firmware,
  type ListedDevice,
  NeuromorphicError,
  open,
  type ReaderPriority,
} from "../../../mod.ts";
import type { LibusbSelection } from "../../types.ts";
import { subjectOf } from "./camera_findings.ts";
import { type Finding, messageOf } from "./finding.ts";

/** Real cameras send time words also in the dark, many times a second. */
const longestSilenceMs = 3_000;

/** Which camera, and until when. */
export interface OpenCameraOptions {
  readonly libusb: LibusbSelection;
  readonly signal: AbortSignal;
  /** How long the camera may send nothing. Default 3000. */
  readonly silenceMs?: number;
}

/** What a camera says when it is open. */
export interface OpenedCamera {
  readonly finding: Finding;
  /** Undefined where it did not open. */
  readonly firmware?: Firmware;
  /** Undefined where it sent nothing. */
  readonly readerPriority?: ReaderPriority;
  /** Whether it sends. */
  readonly isUsable: boolean;
}

/** Opens a camera, waits for its first bytes and closes it. Throws the signal's reason. */
export async function tryCamera(listed: ListedDevice, options: OpenCameraOptions): Promise<OpenedCamera> {
  const { libusb, signal, silenceMs = longestSilenceMs } = options;
  const { type, serial } = listed;
  const subject = subjectOf(listed);
  try {
    const device = await open({ libusb, type, serial, signal, iteratorTimeoutMs: 100 });
    const { firmware, properties } = device;
    try {
      const started = performance.now();
      for await (const { status } of device) {
        if (status.bytes > 0) {
          const { readerPriority } = device.statistics;
          return { finding: sends(subject, properties, firmware), firmware, readerPriority, isUsable: true };
        }
        if (performance.now() - started > silenceMs) break;
      }
    } finally {
      device.close();
    }
    const message = `opens, but sends nothing for ${
      silenceMs / 1000
    } s: unplug it for some seconds, or try another cable`;
    return { finding: { status: "problem", subject, message }, firmware, isUsable: false };
  } catch (error) {
    // A RangeError: the system grants less memory than the default configuration takes.
    if (!(error instanceof NeuromorphicError || error instanceof RangeError)) throw error;
    const message = error instanceof NeuromorphicError ? messageOf(error) : error.message;
    return { finding: { status: "problem", subject, message }, isUsable: false };
  }
}

function sends(subject: string, { sensor, width, height }: CameraProperties, firmware: Firmware): Finding {
  const built = firmware.buildDate === undefined ? "" : ` of ${firmware.buildDate.toISOString().slice(0, 10)}`;
  const message = `opens and sends; sensor ${sensor}, ${width} x ${height} pixels, ` +
    `firmware ${firmware.version ?? "unknown"}${built}`;
  if (firmware.warning === undefined) return { status: "ok", subject, message };
  return { status: "warning", subject, message: `${message}; ${firmware.warning}` };
}
