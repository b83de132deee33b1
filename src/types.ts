/** Speed of a USB link: 1.5, 12 and 480 Mb/s, 5 Gb/s, 10 Gb/s and above. */
export type UsbSpeed = "unknown" | "low" | "full" | "high" | "super" | "super-plus";

/**
 * Which libusb-1.0 to use: `"system"` (the default), `"virtual"` (a camera made of software, which needs no hardware) or
 * the path of a library. A file that is really called `system` or `virtual` is `./system` or `./virtual`.
 */
export type LibusbSelection = "system" | "virtual" | (string & Record<never, never>);

/** Size of a sensor in pixels. The origin is the top-left corner. */
export interface Geometry {
  /** Columns: x goes from 0 to width - 1. */
  readonly width: number;
  /** Rows: y goes from 0 to height - 1. */
  readonly height: number;
}

/** A rectangle of pixels. */
export interface Rect extends Geometry {
  /** Left column. */
  readonly x: number;
  /** Top row. */
  readonly y: number;
}
