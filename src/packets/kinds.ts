/**
 * The kinds of events and the columns of each: the one table from which layouts, lengths, views, copies and the entries
 * of reports come. `zig/src/kinds.zig` is its twin; `tests/ffi/abi_test.ts` compares it with the loaded library.
 *
 * A kind that is added here and there needs its interface and view in `columns.ts` and its field in `Packet`, and
 * nothing else in between.
 */

/** Typed arrays by the native library's names of their elements. */
export const elementArrays = {
  f64: Float64Array,
  f32: Float32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;

/** A type of a column's elements. */
export type Element = keyof typeof elementArrays;

/** Columns by kind, in the order in which they lie in a packet's buffer. */
export const kinds = {
  polarity: { t: "f64", x: "u16", y: "u16", on: "u8" },
  trigger: { t: "f64", id: "u8", edge: "u8" },
  imu: {
    t: "f64",
    accelerometerX: "f32",
    accelerometerY: "f32",
    accelerometerZ: "f32",
    gyroscopeX: "f32",
    gyroscopeY: "f32",
    gyroscopeZ: "f32",
    temperature: "f32",
  },
  frame: {
    t: "f64",
    startT: "f64",
    exposureStartT: "f64",
    exposureEndT: "f64",
    pixelOffset: "u32",
    x: "u16",
    y: "u16",
    width: "u16",
    height: "u16",
    format: "u8",
  },
  /**
   * Not events, but the bytes of the frames' pixels: how many there are differs from frame to frame, so they have room
   * of their own. A frame's pixels begin at its `pixelOffset`, a multiple of 8, row by row.
   */
  pixel: { byte: "u8" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Element>>>>;

/** The name of a kind. */
export type KindName = keyof typeof kinds;

/** Names of the kinds, in order. */
export const kindNames: readonly KindName[] = Object.keys(kinds) as KindName[];

/** The position of each kind in tables with an entry for each. */
export const kindIndex: Readonly<Record<KindName, number>> = Object.fromEntries(
  kindNames.map((name, index) => [name, index]),
) as Record<KindName, number>;

/** How many events of each kind there is room for: multiples of 8, which keeps every column aligned. */
export type Capacity = Readonly<Record<KindName, number>>;

/** How many events of each kind there are, in the order of the kinds. */
export type Counts = readonly number[];

/** A format of frames. `"gray8"`: one byte for each pixel, 0 is black; `"gray16"`: two. */
export type FrameFormat = "gray8" | "gray16";

/** Formats of frames by their number. */
export const frameFormats: readonly FrameFormat[] = ["gray8", "gray16"];
