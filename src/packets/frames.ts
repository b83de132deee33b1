import { type FrameFormat, frameFormats, kindIndex } from "./kinds.ts";
import { type Layout, offsetsOf } from "./layout.ts";

/**
 * A picture of the whole sensor or a part of it, as cameras take it that have both event pixels and a shutter.
 * The pixel in column `x + i` and row `y + j` of the sensor is `pixels[i + j * width]`.
 */
export type Frame = FrameOf<"gray8", Uint8Array<ArrayBuffer>> | FrameOf<"gray16", Uint16Array<ArrayBuffer>>;

/** A frame with pixels of one format. */
export interface FrameOf<Format extends FrameFormat, Pixels> {
  /** Sensor clock in µs, the clock of the polarity events, when the last pixel had been read. */
  readonly t: number;
  /** The same when the camera began with the frame. */
  readonly startT: number;
  /** The same when the exposure began; NaN where the camera did not say so. */
  readonly exposureStartT: number;
  /** The same when the exposure ended; NaN where the camera did not say so. */
  readonly exposureEndT: number;
  /** Column of the frame's left edge on the sensor. */
  readonly x: number;
  /** Row of the frame's top edge on the sensor. */
  readonly y: number;
  /** Columns of the frame. */
  readonly width: number;
  /** Rows of the frame. */
  readonly height: number;
  /** `"gray8"`: 0 (black) to 255; `"gray16"`: 0 to 65,535 for sensors of any depth. */
  readonly format: Format;
  /** Row by row from the top, `width * height` of them. */
  readonly pixels: Pixels;
}

const offsets = offsetsOf("frame");

/** The first `count` frames, with views of their pixels. */
export function framesIn(buffer: ArrayBuffer, layout: Layout, count: number): readonly Frame[] {
  const start = layout.starts[kindIndex.frame]!;
  const capacity = layout.capacities[kindIndex.frame]!;
  const view = new DataView(buffer, start);
  return Array.from({ length: count }, (_, index) => {
    const f64 = (column: "t" | "startT" | "exposureStartT" | "exposureEndT") =>
      view.getFloat64(offsets[column] * capacity + 8 * index, true);
    const u16 = (column: "x" | "y" | "width" | "height") =>
      view.getUint16(offsets[column] * capacity + 2 * index, true);
    const common = {
      t: f64("t"),
      startT: f64("startT"),
      exposureStartT: f64("exposureStartT"),
      exposureEndT: f64("exposureEndT"),
      x: u16("x"),
      y: u16("y"),
      width: u16("width"),
      height: u16("height"),
    };
    const format = frameFormats[view.getUint8(offsets.format * capacity + index)]!;
    const pixelsAt = layout.starts[kindIndex.pixel]! + view.getUint32(offsets.pixelOffset * capacity + 4 * index, true);
    const length = common.width * common.height;
    return format === "gray8"
      ? { ...common, format, pixels: new Uint8Array(buffer, pixelsAt, length) }
      : { ...common, format, pixels: new Uint16Array(buffer, pixelsAt, length) };
  });
}

/** Bytes that the pixels of frames take in a packet: each frame's begin at a multiple of 8. */
export function pixelBytesOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, { pixels }) => sum + (pixels.byteLength + 7 & ~7), 0);
}

/** Writes frames and their pixels into a packet's buffer that has room for just these. */
export function writeFrames(buffer: ArrayBuffer, layout: Layout, frames: readonly Frame[]): void {
  const capacity = layout.capacities[kindIndex.frame]!;
  const view = new DataView(buffer, layout.starts[kindIndex.frame]!);
  const bytes = new Uint8Array(buffer);
  let pixelOffset = 0;
  frames.forEach((frame, index) => {
    for (const column of ["t", "startT", "exposureStartT", "exposureEndT"] as const) {
      view.setFloat64(offsets[column] * capacity + 8 * index, frame[column], true);
    }
    for (const column of ["x", "y", "width", "height"] as const) {
      view.setUint16(offsets[column] * capacity + 2 * index, frame[column], true);
    }
    view.setUint32(offsets.pixelOffset * capacity + 4 * index, pixelOffset, true);
    view.setUint8(offsets.format * capacity + index, frameFormats.indexOf(frame.format));
    const { pixels } = frame;
    const from = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    bytes.set(from, layout.starts[kindIndex.pixel]! + pixelOffset);
    pixelOffset += pixels.byteLength + 7 & ~7;
  });
}
