/** What a virtual camera says that it has done. */

import type { VirtualCameraModel } from "./camera.ts";

/** What a virtual camera has done. Counts begin when it was plugged in. */
export interface VirtualCameraDescription {
  /** Serial, eight hexadecimal digits in upper case. */
  readonly serial: string;
  /** Which camera it is. */
  readonly model: VirtualCameraModel;
  /** False after it was unplugged. */
  readonly present: boolean;
  /** Whether the sensor sends events now. */
  readonly streaming: boolean;
  /** Event bytes handed to the host. */
  readonly bytesEmitted: number;
  /** Those of them that came in transfers that failed. */
  readonly bytesInFailedTransfers: number;
  /** Event bytes that no transfer fetched in time; of those that masks and limits would have left out, too. */
  readonly bytesLostInCamera: number;
  /** Transfers of events handed to the host. */
  readonly transfersCompleted: number;
  /** Commands received. */
  readonly commands: number;
  /** Writes of a sensor's register. */
  readonly registersWritten: number;
  /** Of the registers written, in order: two bring-ups that write the same have the same hash. */
  readonly registersHash: string;
}

/** A reviver for JSON whose keys are in snake_case. */
export function camelCased(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(/_(.)/g, (_, letter) => letter.toUpperCase()), inner]),
  );
}
