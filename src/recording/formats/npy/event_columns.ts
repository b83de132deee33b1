import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { ByteSource } from "../../source.ts";
import type { ColumnKind } from "../shared/column_names.ts";
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
  readonly #t = new Float64Array(rowsAtATime);
  readonly #x = new Float64Array(rowsAtATime);
  readonly #y = new Float64Array(rowsAtATime);
  readonly #p = new Float64Array(rowsAtATime);

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
   * Takes the next events, at most {@link rowsAtATime} of them and as many as there is room for.
   *
   * @param bytes Those of each column; all four may be the same.
   * @param offset Where the first time stands in the file.
   * @throws {NeuromorphicError} "damaged" for a time below 0 or beyond 2^53 µs.
   */
  take(bytes: Readonly<Record<ColumnKind, Uint8Array>>, count: number, builder: PacketBuilder, offset: number): void {
    const { columns, geometry, source } = this.#options;
    copyColumn(bytes.t, columns.t, count, this.#t);
    copyColumn(bytes.x, columns.x, count, this.#x);
    copyColumn(bytes.y, columns.y, count, this.#y);
    copyColumn(bytes.p, columns.p, count, this.#p);
    if (this.#unit !== "microseconds" || columns.t.type.kind === "float") this.#toMicroseconds(count);
    const { t, x, y, on } = builder.polarity;
    const [times, xs, ys, ps] = [this.#t, this.#x, this.#y, this.#p];
    const [width, height] = [geometry?.width ?? 65_536, geometry?.height ?? 65_536];
    let at = builder.polarityCount;
    let last = this.currentTime ?? 0;
    for (let i = 0; i < count; i++) {
      const time = times[i]!;
      if (!(time >= last && time <= Number.MAX_SAFE_INTEGER)) {
        if (!(time >= 0 && time <= Number.MAX_SAFE_INTEGER)) {
          builder.polarityCount = at;
          throw damaged(source, offset + i * columns.t.stride, `the time ${time} is none from 0 to 2^53 µs`);
        }
      } else {
        last = time;
      }
      this.currentTime = last;
      const [column, row] = [xs[i]!, ys[i]!];
      if (column < 0 || row < 0 || column >= width || row >= height) {
        this.outOfSensor += 1;
        continue;
      }
      t[at] = last;
      x[at] = column;
      y[at] = row;
      on[at] = ps[i]! > 0 ? 1 : 0;
      at += 1;
    }
    builder.polarityCount = at;
  }

  #toMicroseconds(count: number): void {
    for (let i = 0; i < count; i++) this.#t[i] = Math.round(microsecondsOf(this.#t[i]!, this.#unit));
  }
}
