import type { Cursor } from "./cursor.ts";
import { damaged } from "./item_reader.ts";

/** A longer header is none: preferences of jAER, which stand in some, take some 100 kB. */
const maximumHeaderBytes = 2 ** 22;

/** What a header says of a line: that it belongs to it, that it is its last one, or that it stands behind it. */
export type LineKind = "header" | "end" | "data";

/**
 * Takes the lines of text at the beginning of a file, without their ends.
 *
 * @param startsLine Whether a line of the header can begin with this byte. Bytes that are no text end it so.
 * @throws {NeuromorphicError} "damaged" for a header that the file's end, or 4 MiB, cut off.
 */
export async function takeHeaderLines(
  cursor: Cursor,
  startsLine: (byte: number) => boolean,
  kindOf: (line: string) => LineKind,
): Promise<string[]> {
  const lines: string[] = [];
  let bytes = await cursor.peek(4096);
  let at = 0;
  while (at < bytes.length && startsLine(bytes[at]!)) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) {
      const longer = await cursor.peek(bytes.length * 4);
      if (longer.length === bytes.length || longer.length > maximumHeaderBytes) {
        throw damaged(cursor.source, cursor.position + bytes.length, "the header has no end");
      }
      bytes = longer;
      continue;
    }
    const line = latin1.decode(bytes.subarray(at, bytes[end - 1] === 0x0d ? end - 1 : end));
    const kind = kindOf(line);
    if (kind === "data") break;
    lines.push(line);
    at = end + 1;
    if (kind === "end") break;
    if (at === bytes.length) bytes = await cursor.peek(bytes.length * 4);
    if (at > maximumHeaderBytes) throw damaged(cursor.source, at, "the header has no end");
  }
  cursor.skip(at);
  return lines;
}

const latin1 = new TextDecoder("latin1");

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** What lines such as `# AEChip: DVS128` or `#Source 1: DAVIS346` tell, by what stands before the colon. */
export function headerFields(lines: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const [, key, value] = /^#!?\s*([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined) fields[key] = value!;
  }
  return fields;
}
