import type { PacketBuilder } from "../../packet_builder.ts";
import type { Dialect } from "./dialect.ts";

/** The quick way through lines such as `1000,3,5,1`: four columns of digits in one of the two usual orders. */
export interface PlainLines {
  /** The time of the last event, in µs. */
  last: number;
  /**
   * Takes lines as long as they are plain and there is room.
   *
   * @param lines Lines with their ends.
   * @returns Where the first other line begins.
   */
  take(lines: Uint8Array<ArrayBuffer>, start: number, builder: PacketBuilder): number;
}

/** The quick way through a file, where it can have plain lines. */
export function plainLinesOf({ columns, separator, timeUnit }: Dialect): PlainLines | undefined {
  const order = columns.join("");
  // Times of other units have a point as a rule.
  if (timeUnit !== "microseconds" || order !== "txyp" && order !== "xypt") return undefined;
  return new FourColumns(separator, order === "txyp");
}

class FourColumns implements PlainLines {
  last = 0;
  readonly #separator: number;
  readonly #isTimeFirst: boolean;

  constructor(separator: number, isTimeFirst: boolean) {
    this.#separator = separator;
    this.#isTimeFirst = isTimeFirst;
  }

  // Four times the same, with the bytes as numbers: a loop over the columns takes two times as long.
  take(lines: Uint8Array<ArrayBuffer>, start: number, builder: PacketBuilder): number {
    const { t, x, y, on } = builder.polarity;
    const [separator, isTimeFirst] = [this.#separator, this.#isTimeFirst];
    let event = builder.polarityCount;
    let last = this.last;
    let lineStart = start;
    while (lineStart < lines.length && event < t.length) {
      let at = lineStart;
      let byte = lines[at]!;
      if (byte < 0x30 || byte > 0x39) break;
      let first = 0;
      for (; byte >= 0x30 && byte <= 0x39; byte = lines[++at]!) first = 10 * first + (byte - 0x30);
      if (byte !== separator) break;
      byte = lines[++at]!;
      if (byte < 0x30 || byte > 0x39) break;
      let second = 0;
      for (; byte >= 0x30 && byte <= 0x39; byte = lines[++at]!) second = 10 * second + (byte - 0x30);
      if (byte !== separator) break;
      byte = lines[++at]!;
      if (byte < 0x30 || byte > 0x39) break;
      let third = 0;
      for (; byte >= 0x30 && byte <= 0x39; byte = lines[++at]!) third = 10 * third + (byte - 0x30);
      if (byte !== separator) break;
      byte = lines[++at]!;
      if (byte < 0x30 || byte > 0x39) break;
      let fourth = 0;
      for (; byte >= 0x30 && byte <= 0x39; byte = lines[++at]!) fourth = 10 * fourth + (byte - 0x30);
      if (byte === 0x0d) byte = lines[++at]!;
      if (byte !== 0x0a) break;
      const time = isTimeFirst ? first : fourth;
      const column = isTimeFirst ? second : first;
      const row = isTimeFirst ? third : second;
      if (time > 0x1fffffffffffff || column > 0xffff || row > 0xffff) break;
      last = time > last ? time : last;
      t[event] = last;
      x[event] = column;
      y[event] = row;
      on[event] = (isTimeFirst ? fourth : third) > 0 ? 1 : 0;
      event += 1;
      lineStart = at + 1;
    }
    builder.polarityCount = event;
    this.last = last;
    return lineStart;
  }
}
