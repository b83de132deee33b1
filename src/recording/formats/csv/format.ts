import { arrayOf, oneOf, options as checked, textOf } from "../../../checks.ts";
import type { RecordingFormat } from "../../format.ts";
import { columnKindOf } from "../shared/column_names.ts";
import { type TimeUnit, timeUnits } from "../shared/time_units.ts";

/** What a column of a CSV file holds; `"-"` is one that is not read. */
export type CsvColumn = "t" | "x" | "y" | "p" | "id" | "-";

/** What a CSV file does not say of itself. What is absent is found out. */
export interface CsvOptions {
  /**
   * What its columns hold, in their order. Default: as its first line names them. Without such a line `t, x, y, p`, or
   * `x, y, p, t` where only the third column looks like polarities.
   */
  readonly columns?: readonly CsvColumn[] | undefined;
  /** What stands between them: one character. Default: comma, semicolon, tab, bar or blanks, as its first line has them. */
  readonly separator?: string | undefined;
  /** Unit of its times. Default: as the name of the column says (`t_us`); else seconds where times have a point, else µs. */
  readonly timeUnit?: TimeUnit | undefined;
}

const checkOptions = checked<CsvOptions>("csvWith", {
  columns: arrayOf(oneOf(["t", "x", "y", "p", "id", "-"])),
  separator: textOf(/^[^\n\r#\w.+-]$/, "one character that is no part of a number"),
  timeUnit: oneOf(timeUnits),
});

/**
 * CSV of which something is known that it does not say.
 *
 * ```ts
 * import { csvWith, openRecording } from "@neuromorphic/drivers";
 *
 * const bytes = new TextEncoder().encode("3 5 1 0.5\n4 6 0 0.5001\n");
 * const format = csvWith({ columns: ["x", "y", "p", "t"], timeUnit: "seconds" });
 * await using recording = await openRecording(bytes, { format });
 * for await (const { packet } of recording) console.log(packet.polarityEvents?.t); // 500000, 500100
 * ```
 */
export function csvWith(options: CsvOptions): RecordingFormat {
  const dialect = checkOptions(options);
  return {
    ...csv,
    async openReader(files, options) {
      return await (await import("./reader.ts")).openCsvReader(files, options, dialect);
    },
  };
}

/**
 * Text, one event a line. It is read as other programs write it: with or without a line of names, in any order and case and
 * with the sensor's size in them (`x@1280`); separated by commas, semicolons, tabs, bars or blanks; with comments behind
 * `#`, CR LF and a byte order mark. Times with a point are seconds, others µs; a polarity is ON above 0. What it does not say
 * itself tells {@link csvWith}.
 *
 * It is written as `t,x,y,p` with µs, and triggers of `a.csv` as `t,id,p` in `a.triggers.csv`, where p is 0 for a falling and
 * 1 for a rising edge and 2 for a pulse. They are read with it.
 */
export const csv: RecordingFormat = {
  name: "csv",
  title: "CSV",
  endings: [".csv", ".txt"],
  limits: {
    maximumTime: Infinity,
    maximumX: 65_534,
    maximumY: 65_534,
    triggers: { maximumId: 255, pulses: true },
    imu: false,
    frames: false,
    geometry: false,
  },
  matches(head, fileName) {
    if (!isText(head)) return false;
    const lines = new TextDecoder().decode(head).split(/\r?\n/);
    const line = lines.find((line) => line.trim() !== "" && !line.startsWith("#"));
    if (line === undefined) return /\.(csv|txt)$/i.test(fileName) && head.length > 0;
    if (line.startsWith("%")) return false;
    return /\.(csv|txt)$/i.test(fileName) || isRowOfNumbers.test(line) || namesColumns(line);
  },
  async openReader(files, options) {
    return await (await import("./reader.ts")).openCsvReader(files, options);
  },
  async openWriter(files, options) {
    return await (await import("./writer.ts")).openCsvWriter(files, options);
  },
};

const isRowOfNumbers = /^\s*[-+.\de]+(\s*[,;|\s]\s*[-+.\de]+){3,}\s*$/i;

/** Whether a line is one such as `t_us,x@1280,y@720,p`. */
function namesColumns(line: string): boolean {
  const names = line.split(/[,;|\s]+/).map((name) =>
    name.replace(/"/g, "").replace(/([_ ](s|ms|us|ns))?(@\d+)?$/i, "")
  );
  const kinds = new Set(names.map(columnKindOf));
  return kinds.has("t") && kinds.has("x") && kinds.has("y") && kinds.has("p");
}

/** Whether there are no bytes that text does not have. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 && byte !== 0x7f || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

/** The name of the file with the triggers; undefined for that file itself. */
export function triggerFileName(fileName: string): string | undefined {
  if (/\.triggers\.csv$/i.test(fileName)) return undefined;
  return `${fileName.replace(/\.(csv|txt)$/i, "")}.triggers.csv`;
}
