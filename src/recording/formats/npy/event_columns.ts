import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { ByteSource } from "../../source.ts";
import type { ColumnKind } from "../shared/column_names.ts";
import { dropOutside } from "../shared/drop_outside.ts";
import { damaged } from "../shared/item_reader.ts";
import { microsecondsOf, type TimeUnit } from "../shared/time_units.ts";
import { type Column, copyColumn } from "./element_type.ts";

/** Events that are taken at a time. */
export const rowsAtATime = 65_536;

/** How the columns of a file are read. */
export interface EventColumnsOptions {
  readonly source: Pick<ByteSource, "name">;
  readonly columns: Readonly<Record<ColumnKind, Column>>;
  readonly geometry: Geometry | undefined;
  readonly timeUnit: TimeUnit | undefined;
}

/** Takes columns of any types over into a packet. */
export class EventColumns {
  currentTime: number | undefined;
  outOfSensor = 0;
  readonly #options: EventColumnsOptions;
  readonly #unit: TimeUnit;
  /** For columns whose values may be other than those of a packet. */
  readonly #values = new Float64Array(rowsAtATime);

  /** @throws {NeuromorphicError} "unsupported" for coordinates that are no whole numbers. */
  constructor(options: EventColumnsOptions) {
    const { source, columns: { t, x, y }, timeUnit } = options;
    this.#options = options;
    this.#unit = timeUnit ?? t.type.unit ?? (t.type.kind === "float" ? "seconds" : "microseconds");
    if (x.type.kind === "float" || y.type.kind === "float") {
      throw recordingError("unsupported", "its x and y are no whole numbers", { operation: "open", path: source.name });
    }
  }

  /**
   * Takes the next events, at most {@link rowsAtATime} of them, for which there must be room.
   *
   * @param bytes Those of each column; all four may be the same.
   * @param offset Where the first time stands in the file.
   * @throws {NeuromorphicError} "damaged" for a time below 0 or beyond 2^53 µs.
   */
  take(bytes: Readonly<Record<ColumnKind, Uint8Array>>, count: number, builder: PacketBuilder, offset: number): void {
    const { columns, geometry, source } = this.#options;
    const { polarity } = builder;
    const start = builder.polarityCount;
    const t = polarity.t.subarray(start, start + count);
    copyColumn(bytes.t, columns.t, count, t);
    if (this.#unit !== "microseconds" || columns.t.type.kind === "float") toMicroseconds(t, this.#unit);
    const right = this.#keepOrder(t);
    // Behind a wrong time nothing is taken.
    const isXOutside = this.#copyPlaces(bytes.x, columns.x, polarity.x.subarray(start, start + right));
    const isYOutside = this.#copyPlaces(bytes.y, columns.y, polarity.y.subarray(start, start + right));
    copyColumn(bytes.p, columns.p, right, this.#values);
    for (let i = 0; i < right; i++) polarity.on[start + i] = this.#values[i]! > 0 ? 1 : 0;
    builder.polarityCount = start + right;
    if (geometry !== undefined || isXOutside || isYOutside) {
      const { width, height } = geometry ?? { width: outside, height: outside };
      this.outOfSensor += dropOutside(builder, start, width, height);
    }
    if (right < count) {
      const place = offset + right * columns.t.stride + columns.t.offset;
      throw damaged(source, place, `the time ${t[right]} is none from 0 to 2^53 µs`);
    }
  }

  /** Keeps times at the greatest before them, and returns how many are times at all. */
  #keepOrder(t: Float64Array): number {
    let last = this.currentTime ?? 0;
    for (let i = 0; i < t.length; i++) {
      const time = t[i]!;
      if (time >= last && time <= Number.MAX_SAFE_INTEGER) {
        last = time;
      } else {
        if (!(time >= 0 && time <= Number.MAX_SAFE_INTEGER)) return i;
        t[i] = last;
      }
      this.currentTime = last;
    }
    return t.length;
  }

  /** Copies coordinates, and returns whether one of them is none: it becomes one that no sensor has. */
  #copyPlaces(bytes: Uint8Array, column: Column, to: Uint16Array): boolean {
    if (column.type.kind === "uint" && column.type.size <= 2) {
      copyColumn(bytes, column, to.length, to);
      return false;
    }
    copyColumn(bytes, column, to.length, this.#values);
    let hasOutside = false;
    for (let i = 0; i < to.length; i++) {
      const value = this.#values[i]!;
      const isPlace = value >= 0 && value < outside;
      to[i] = isPlace ? value : outside;
      hasOutside ||= !isPlace;
    }
    return hasOutside;
  }
}

/** A coordinate that no sensor has. */
const outside = 65_535;

function toMicroseconds(t: Float64Array, unit: TimeUnit): void {
  for (let i = 0; i < t.length; i++) t[i] = Math.round(microsecondsOf(t[i]!, unit));
}
