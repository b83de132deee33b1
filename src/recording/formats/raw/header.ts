/**
 * The text at the beginning of a RAW file: lines `% key value`, and often `% end`. Words of a sensor follow it, the first
 * of which may look like `% `, too: a line is one only where it is text.
 */

/** What a header says. */
export interface RawHeader {
  /** Values by their keys; of keys that come twice the last one counts. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the words begin, or, where the header goes on behind the bytes, its first line that is not complete. */
  readonly byteLength: number;
  /** Whether the bytes show where the header ends. */
  readonly isComplete: boolean;
}

const [tab, lineFeed, carriageReturn, space, percent, rubout] = [0x09, 0x0a, 0x0d, 0x20, 0x25, 0x7f];

/**
 * Reads the header at the beginning of a file.
 *
 * @param bytes The beginning of the file.
 * @param isWhole Whether nothing follows these bytes.
 */
export function parseRawHeader(bytes: Uint8Array, isWhole: boolean): RawHeader {
  const fields: Record<string, string> = {};
  let start = 0;
  for (;;) {
    const line = lineAt(bytes, start);
    if (line === "data") return { fields, byteLength: start, isComplete: true };
    if (line === "cut") {
      const isAtEnd = start === bytes.length && isWhole;
      return { fields, byteLength: start, isComplete: isAtEnd };
    }
    start = line.end;
    const [key = "", ...values] = line.text.split(/[ \t\r]+/).filter((token) => token !== "");
    if (key === "end" && values.length === 0) return { fields, byteLength: start, isComplete: true };
    if (key !== "") {
      Object.defineProperty(fields, key, { value: values.join(" "), enumerable: true, configurable: true });
    }
  }
}

/** A line of a header, without its mark; "data" where none is there, "cut" where the bytes end before the line does. */
function lineAt(bytes: Uint8Array, start: number): { readonly text: string; readonly end: number } | "data" | "cut" {
  if (start >= bytes.length) return "cut";
  if (bytes[start] !== percent) return "data";
  if (start + 1 >= bytes.length) return "cut";
  if (bytes[start + 1] !== space) return "data";
  const found = bytes.indexOf(lineFeed, start);
  const end = found < 0 ? bytes.length : found;
  const text = textOf(bytes.subarray(start + 2, end), found < 0);
  if (text === undefined) return "data";
  return found < 0 ? "cut" : { text, end: end + 1 };
}

/** Undefined where bytes are no text. The last character of a cut line may be cut, too. */
function textOf(bytes: Uint8Array, isCut: boolean): string | undefined {
  for (const byte of bytes) {
    if ((byte < space && byte !== tab && byte !== carriageReturn) || byte === rubout) return undefined;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}
