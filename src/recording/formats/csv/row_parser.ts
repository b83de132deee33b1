import type { ByteSource } from "../../source.ts";
import { damaged } from "../shared/item_reader.ts";
import type { Dialect } from "./dialect.ts";
import type { CsvColumn } from "./format.ts";
import { microsecondsOf, placesOf } from "../shared/time_units.ts";

/** Where {@link RowParser} puts the value of a column. */
export const columnIndex: Readonly<Record<CsvColumn, number>> = { t: 0, x: 1, y: 2, p: 3, id: 4, "-": 5 };

/** The largest values, by the same index. */
const largestValues = [Number.MAX_SAFE_INTEGER, 65_535, 65_535, Number.MAX_SAFE_INTEGER, 255, Infinity];

const [lineFeed, carriageReturn, blank, tab, hash, minus, point, zero] = [
  0x0a,
  0x0d,
  0x20,
  0x09,
  0x23,
  0x2d,
  0x2e,
  0x30,
];

/** Takes lines apart. Digits are read where they stand; what is no plain number, such as `1e-3` or `True`, takes longer. */
export class RowParser {
  /** The values of the last line, by {@link columnIndex}: times in µs, polarities above 0 for ON. */
  readonly values: Float64Array = new Float64Array(6);
  /** Whether the last line had values: it was neither empty nor a comment. */
  hasValues = false;
  /** The number of the next line, from 1. */
  line: number;
  readonly #source: ByteSource;
  readonly #dialect: Dialect;
  readonly #columns: readonly number[];
  readonly #separator: number;
  /** How many digits a time has behind its point until they are µs. */
  readonly #places: number;
  readonly #scale: number;
  /** Larger values, and those of ns, are not read digit by digit. */
  readonly #largest: readonly number[];
  /** Where the bytes that are parsed stand in the file. */
  #offset = 0;

  constructor(source: ByteSource, dialect: Dialect) {
    this.#source = source;
    this.#dialect = dialect;
    this.#columns = dialect.columns.slice(0, lastWanted(dialect.columns) + 1).map((column) => columnIndex[column]);
    this.#separator = dialect.separator;
    this.#places = placesOf[dialect.timeUnit];
    this.#scale = 10 ** this.#places;
    this.#largest = [this.#places < 0 ? -1 : largestValues[0]!, ...largestValues.slice(1)];
    this.line = dialect.line;
  }

  /**
   * Parses one line.
   *
   * @param lines Lines with their ends.
   * @returns Where the next one begins.
   */
  parse(lines: Uint8Array<ArrayBuffer>, start: number, offset: number): number {
    this.#offset = offset;
    let at = start;
    while (lines[at] === blank || lines[at] === tab) at += 1;
    const first = lines[at]!;
    this.hasValues = first !== lineFeed && first !== hash && first !== carriageReturn;
    if (this.hasValues) at = this.#parseColumns(lines, this.#separator === tab ? start : at);
    this.line += 1;
    return lines[at] === lineFeed ? at + 1 : lines.indexOf(lineFeed, at) + 1;
  }

  /** Returns where the last wanted column ends. */
  #parseColumns(lines: Uint8Array<ArrayBuffer>, start: number): number {
    const [columns, separator, values] = [this.#columns, this.#separator, this.values];
    let at = start;
    for (let index = 0; index < columns.length; index++) {
      if (index > 0) {
        if (lines[at] === lineFeed) throw this.#missing(at, index);
        at += 1;
      }
      while (lines[at] === blank) at += 1;
      const begin = at;
      const column = columns[index]!;
      const isMinus = column === columnIndex.p && lines[at] === minus;
      if (isMinus) at += 1;
      const digits = at;
      let value = 0;
      let digit = lines[at]! - zero;
      while (digit >= 0 && digit <= 9) {
        value = 10 * value + digit;
        digit = lines[++at]! - zero;
      }
      const isPlain = at > digits;
      if (column === columnIndex.t) {
        if (isPlain && digit === point - zero && this.#places > 0) {
          at = this.#fraction(lines, at + 1, value);
          value = values[column]!;
        } else {
          value *= this.#scale;
        }
      }
      if (lines[at] === carriageReturn && lines[at + 1] === lineFeed) at += 1;
      const next = lines[at];
      if (
        isPlain && (next === separator || next === lineFeed) && value <= this.#largest[column]!
      ) {
        values[column] = isMinus ? -value : value;
      } else {
        at = this.#parseText(lines, begin, index);
      }
    }
    return at;
  }

  /** Reads digits behind the point of a time, and returns where they end. Those below a µs round it. */
  #fraction(lines: Uint8Array<ArrayBuffer>, start: number, whole: number): number {
    let [at, value] = [start, whole];
    for (let place = this.#places; place > 0; place--) {
      const digit = lines[at]! - zero;
      if (digit >= 0 && digit <= 9) {
        value = 10 * value + digit;
        at += 1;
      } else {
        value *= 10;
      }
    }
    const rest = lines[at]! - zero;
    if (rest >= 5 && rest <= 9) value += 1;
    while (lines[at]! >= zero && lines[at]! <= zero + 9) at += 1;
    this.values[columnIndex.t] = value;
    return at;
  }

  /** Reads a column that is no plain number, and returns where it ends. */
  #parseText(lines: Uint8Array<ArrayBuffer>, start: number, index: number): number {
    let end = start;
    while (lines[end] !== lineFeed && lines[end] !== this.#separator) end += 1;
    const text = latin1.decode(lines.subarray(start, end)).trim();
    const column = this.#columns[index]!;
    const value = valueOf(text, column, this.#dialect);
    if (value === undefined) {
      const name = this.#dialect.columns[index]!;
      const what = name === "t" && this.#places === 0 ? "time: a whole number of µs from 0 on" : descriptions[name];
      const place = `line ${this.line}, column ${index + 1}`;
      throw damaged(this.#source, this.#offset + start, `${place}: ${JSON.stringify(text)} is no ${what}`);
    }
    this.values[column] = value;
    return end;
  }

  #missing(at: number, count: number) {
    const columns = this.#columns.length;
    return damaged(
      this.#source,
      this.#offset + at,
      `line ${this.line} ends behind column ${count}, and has ${columns} of them`,
    );
  }
}

const latin1 = new TextDecoder("latin1");

const descriptions: Readonly<Record<CsvColumn, string>> = {
  t: "time: a number from 0 on",
  x: "x: a whole number from 0 to 65535",
  y: "y: a whole number from 0 to 65535",
  p: "polarity: a number, True or False",
  id: "trigger input: a whole number from 0 to 255",
  "-": "value",
};

/** The last column that is read. */
function lastWanted(columns: readonly CsvColumn[]): number {
  return columns.findLastIndex((column) => column !== "-");
}

function valueOf(text: string, column: number, { timeUnit }: Dialect): number | undefined {
  if (column === columnIndex["-"]) return 0;
  if (column === columnIndex.p && /^(true|on)$/i.test(text)) return 1;
  if (column === columnIndex.p && /^(false|off)$/i.test(text)) return 0;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  if (column === columnIndex.p) return Number(text);
  const isTime = column === columnIndex.t;
  const exact = isTime ? microsecondsOf(Number(text), timeUnit) : Number(text);
  // What is told to be µs must be whole ones.
  const number = isTime && timeUnit !== "microseconds" ? Math.round(exact) : exact;
  return number >= 0 && Number.isInteger(number) && number <= largestValues[column]! ? number : undefined;
}
