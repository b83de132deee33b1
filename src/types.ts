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
