import { outOfRange } from "../checks.ts";
import { checkFileName } from "./files.ts";
import { formats } from "./formats/formats.ts";

/** Endings of files that are no RAW files. */
const foreignEndings = new Set(formats.flatMap(({ endings }) => endings.includes(".raw") ? [] : endings));

/**
 * Checks the path or the `file:` URL of what a camera is recorded to. That is a RAW file, so the ending of another format
 * is refused: nobody would look for RAW words in `events.csv`.
 *
 * @throws {TypeError} for what is neither.
 * @throws {RangeError} for the ending of another format, other URLs and an empty path.
 */
export function checkRecordName(value: unknown, name: string): string | URL {
  const file = checkFileName(value, name);
  const path = String(file);
  const ending = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? "";
  if (!foreignEndings.has(ending)) return file;
  throw outOfRange(name, "that of a RAW file, such as events.raw (convert it afterwards)", path);
}
