import { outOfRange } from "../checks.ts";
import { checkFileName, endingOf } from "./files.ts";
import { formats } from "./formats/formats.ts";

/** Endings of files that are no RAW files. */
const foreignEndings = new Set(formats.flatMap(({ endings }) => endings.includes(".raw") ? [] : endings));

/**
 * Checks the path or the `file:` URL of what a camera is recorded to. That is a RAW file, so the ending of another format
 * is refused: readers of `events.csv` expect CSV and no RAW words.
 *
 * @throws {TypeError} for what is neither.
 * @throws {RangeError} for the ending of another format, other URLs and an empty path.
 */
export function checkRecordName(value: unknown, name: string): string | URL {
  const file = checkFileName(value, name);
  const path = String(file);
  if (!foreignEndings.has(endingOf(path))) return file;
  throw outOfRange(name, "that of a RAW file, such as events.raw (convert it afterwards)", path);
}
