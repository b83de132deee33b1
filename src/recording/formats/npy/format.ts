import { oneOf, options as checked } from "../../../checks.ts";
import type { FormatLimits, RecordingFormat } from "../../format.ts";
import { startsWith } from "../shared/starts_with.ts";
import { type TimeUnit, timeUnits } from "../shared/time_units.ts";

/** Which program's records an NPY file has. */
export type NpyLayout = "metavision" | "tonic" | "neuromorphic-drivers" | "expelliarmus" | "evio";

/** Names of the layouts. */
export const npyLayouts = ["metavision", "tonic", "neuromorphic-drivers", "expelliarmus", "evio"] as const;

/** What an array does not say of itself, and how one is written. */
export interface NpyOptions {
  /**
   * The records that are written. `"metavision"`: x u2, y u2, p i2, t i8 in 16 bytes; in 13 bytes `"tonic"`: x i2, y i2,
   * t i8, p bool; `"neuromorphic-drivers"`, the Python package, and faery: t u8, x u2, y u2, on bool; `"expelliarmus"`: t i8,
   * x i2, y i2, p u1; `"evio"`: x u2, y u2, t i8, p i1. Default: `"metavision"`.
   */
  readonly layout?: NpyLayout | undefined;
  /** Unit of the times that are read. Default: as their type says; else seconds for floating-point times, and µs for others. */
  readonly timeUnit?: TimeUnit | undefined;
}

const checkOptions = checked<NpyOptions>("npyWith", { layout: oneOf(npyLayouts), timeUnit: oneOf(timeUnits) });

/**
 * NumPy arrays of which something is known, or wanted.
 *
 * ```ts
 * import { MemoryFiles, npyWith } from "@neuromorphic/drivers";
 *
 * const files = new MemoryFiles("a.npy");
 * const writer = await npyWith({ layout: "tonic" }).openWriter!(files, { geometry: { width: 1280, height: 720 } });
 * await writer.close(); // in between, a write for each packet
 * console.log(files.complete.get("a.npy")?.length); // 192, the header
 * ```
 */
export function npyWith(options: NpyOptions): RecordingFormat {
  const { layout = "metavision", timeUnit } = checkOptions(options);
  const isSigned = layout === "tonic" || layout === "expelliarmus";
  const largest = isSigned ? 32_766 : 65_534;
  return {
    name: "npy",
    title: "NumPy array",
    endings: [".npy"],
    limits: { ...tableLimits, maximumX: largest, maximumY: largest, triggers: undefined, geometry: false },
    matches: (head) => startsWith(head, magic),
    async openReader(files, options) {
      return await (await import("./npy_reader.ts")).openNpyReader(files, options, timeUnit);
    },
    async openWriter(files, options) {
      return await (await import("./npy_writer.ts")).openNpyWriter(files, options, layout);
    },
  };
}

/** Archives of NumPy arrays whose times have a unit that they do not tell. */
export function npzWith(options: Pick<NpyOptions, "timeUnit">): RecordingFormat {
  const { timeUnit } = checkOptions(options);
  return {
    name: "npz",
    title: "NumPy archive",
    endings: [".npz"],
    limits: { ...tableLimits, triggers: { maximumId: 255, pulses: true }, geometry: true },
    matches: (head, fileName) => {
      if (!startsWith(head, "PK\x03\x04")) return startsWith(head, "PK\x05\x06") && /\.npz$/i.test(fileName);
      const name = String.fromCharCode(...head.subarray(30, 30 + (head[26]! | head[27]! << 8)));
      return /\.npy$/.test(name) || /\.npz$/i.test(fileName);
    },
    async openReader(files, options) {
      return await (await import("./npz_reader.ts")).openNpzReader(files, options, timeUnit);
    },
    async openWriter(files, options) {
      return await (await import("./npz_writer.ts")).openNpzWriter(files, options);
    },
  };
}

/** The first bytes of an array. */
export const magic = "\x93NUMPY";

const tableLimits: Omit<FormatLimits, "triggers" | "geometry"> = {
  maximumTime: Infinity,
  maximumX: 65_534,
  maximumY: 65_534,
  imu: false,
  frames: false,
};

/**
 * One NumPy array of records, as `numpy.load` reads it: a structured array with the fields t, x, y and p in any order, of
 * any integer type and byte order, with or without padding and titles. Arrays of Python objects are refused. It is written
 * as Metavision does; {@link npyWith} has the layouts of other programs. It has no triggers. A stream gets it at the end,
 * as the number of events stands at its beginning.
 */
export const npy: RecordingFormat = npyWith({});

/**
 * NumPy arrays in a ZIP archive, as `numpy.load` reads it: t, x, y and p, or one structured array; packed or not. It is
 * written as t (int64, µs), x and y (uint16) and p (uint8), as evutils, eventcv and evlab read it, with trigger_t,
 * trigger_id and trigger_p (0 falling, 1 rising, 2 a pulse) where there are triggers, and the sensor's width and height.
 *
 * One array follows the other in a file, so writing keeps 13 bytes an event in memory until the end.
 */
export const npz: RecordingFormat = npzWith({});
