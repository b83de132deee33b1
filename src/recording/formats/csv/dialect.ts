import type { Geometry } from "../../../types.ts";
import type { ByteSource } from "../../source.ts";
import { damaged } from "../shared/item_reader.ts";
import { columnKindOf } from "../shared/column_names.ts";
import type { TimeUnit } from "../shared/time_units.ts";
import type { CsvColumn, CsvOptions } from "./format.ts";

/** How a file is written. */
export interface Dialect {
  readonly columns: readonly CsvColumn[];
  /** The byte between columns. A blank stands for several. */
  readonly separator: number;
  readonly timeUnit: TimeUnit;
  /** The sensor's size, where the names of the columns tell. */
  readonly geometry: Geometry | undefined;
  /** Where the lines of events begin, in bytes. */
  readonly start: number;
  /** The number of the line that begins there, from 1. */
  readonly line: number;
}

/** Finds out how a file is written from its beginning, as far as the options do not say. */
export function dialectOf(source: ByteSource, head: Uint8Array, options: CsvOptions): Dialect {
  const lines = linesOf(head);
  const first = lines.findIndex(({ text }) => text.trim() !== "" && !text.startsWith("#"));
  if (first < 0) {
    const columns = options.columns ?? ["t", "x", "y", "p"];
    return {
      columns,
      separator: 0x2c,
      timeUnit: "microseconds",
      geometry: undefined,
      start: lines[0]?.start ?? 0,
      line: 1,
    };
  }
  const separator = options.separator ?? separatorOf(lines[first]!.text);
  const names = fieldsOf(lines[first]!.text, separator);
  const hasNames = !names.every(isValue);
  const named = hasNames ? names.map(columnOf) : [];
  const rows = lines.slice(hasNames ? first + 1 : first)
    // The last one may be cut.
    .filter(({ text }, index, all) =>
      index < Math.max(1, all.length - 1) && text.trim() !== "" && !text.startsWith("#")
    )
    .map(({ text }) => fieldsOf(text, separator));
  const columns = options.columns ?? (hasNames ? named.map(({ column }) => column) : guessColumns(rows));
  mustBeComplete(source, columns, first + 1, lines[first]!.start);
  const time = columns.indexOf("t");
  const hasPoint = rows.some((row) => /[.e]/i.test(row[time] ?? ""));
  const [width, height] = (["x", "y"] as const).map((axis) => named.find(({ column }) => column === axis)?.size);
  const data = lines[hasNames ? first + 1 : first];
  return {
    columns,
    separator: separator.charCodeAt(0),
    timeUnit: options.timeUnit ?? named[time]?.unit ?? (hasPoint ? "seconds" : "microseconds"),
    geometry: width === undefined || height === undefined ? undefined : { width, height },
    start: data?.start ?? head.length,
    line: hasNames ? first + 2 : first + 1,
  };
}

/** So many lines tell how a file is written. */
const maximumLines = 300;

/** The lines at the beginning of a file, with the places of their first bytes. A last one without an end may be cut. */
function linesOf(head: Uint8Array): { readonly text: string; readonly start: number }[] {
  const lines: { readonly text: string; readonly start: number }[] = [];
  let start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (start < head.length && lines.length < maximumLines) {
    const end = head.indexOf(0x0a, start);
    const text = latin1.decode(head.subarray(start, end < 0 ? head.length : end));
    lines.push({ text: text.replace(/\r$/, ""), start });
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

const latin1 = new TextDecoder("latin1");

/** The separator that stands most often in a line. */
function separatorOf(line: string): string {
  let [best, most] = [" ", 0];
  for (const separator of [",", ";", "\t", "|"]) {
    const count = line.split(separator).length - 1;
    if (count > most) [best, most] = [separator, count];
  }
  return best;
}

function fieldsOf(line: string, separator: string): string[] {
  const fields = separator === " " ? line.trim().split(/\s+/) : line.split(separator);
  return fields.map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
}

/** Whether a field is a number or a truth value, and no name. */
function isValue(field: string): boolean {
  return /^([-+]?[\d.]+(e[-+]?\d+)?|true|false)$/i.test(field);
}

const namesOfUnits: Readonly<Record<string, TimeUnit>> = {
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
};

/** What a name such as `t`, `timestamp_us`, `t [s]` or `x@1280` tells. */
function columnOf(name: string): { readonly column: CsvColumn; readonly size?: number; readonly unit?: TimeUnit } {
  const [, word = "", unit, size] = /^([a-z]+)(?:[ _]?[[(]?(s|ms|us|ns)[\])]?)?(?:@(\d+))?$/.exec(name.toLowerCase()) ??
    [];
  // "ts" is a time, and not one of unit s.
  const whole = csvColumnOf(name);
  if (whole !== undefined) return { column: whole };
  const column = csvColumnOf(word);
  if (column === undefined) return { column: "-" };
  return {
    column,
    ...(size === undefined || Number(size) === 0 ? {} : { size: Number(size) }),
    ...(unit === undefined ? {} : { unit: namesOfUnits[unit]! }),
  };
}

function csvColumnOf(name: string): CsvColumn | undefined {
  return name.toLowerCase() === "id" ? "id" : columnKindOf(name);
}

/** `t, x, y, p`, or Metavision's `x, y, p, t` where only the third column can be the polarity. */
function guessColumns(rows: readonly (readonly string[])[]): readonly CsvColumn[] {
  const isPolarity = (column: number) =>
    rows.every((row) => /^([-+]?[01](\.0*)?|true|false)$/i.test(row[column] ?? "0"));
  return isPolarity(2) && !isPolarity(3) ? ["x", "y", "p", "t"] : ["t", "x", "y", "p"];
}

function mustBeComplete(source: ByteSource, columns: readonly CsvColumn[], line: number, offset: number): void {
  const wanted: readonly CsvColumn[] = columns.includes("id") ? ["t", "id", "p"] : ["t", "x", "y", "p"];
  for (const column of wanted) {
    if (!columns.includes(column)) throw damaged(source, offset, `line ${line}: there is no column ${column}`);
  }
}
