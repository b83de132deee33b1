/**
 * Refuses bytes that begin with the text header of a RAW file: lines `% key value`, and often `% end`.
 *
 * In EVT3, `% ` is also a word (0x2025, ADDR_X 37), with which a stream may begin that was cut anywhere. So a header is
 * what has a whole line of text; in events, a TIME_HIGH or an ADDR_Y ends such a line at once.
 *
 * @throws {TypeError} that says where the events begin.
 */
export function refuseRawHeader(bytes: Uint8Array): void {
  const line = headerLine(bytes, 0);
  if (line === undefined) return;
  const end = endOfHeader(bytes);
  const remedy = end === undefined
    ? 'what follows its line "% end", or its last line that begins with "% "'
    : `bytes.subarray(${end}), which is what follows it`;
  throw new TypeError(
    `bytes must be an event stream, not the header of a RAW file (${JSON.stringify(line)}): decode ${remedy}`,
  );
}

const percent = 0x25;
const space = 0x20;
const lineFeed = 0x0a;
const longestLine = 1024;

/** The line of text that begins with `% ` and a letter; undefined where there is none, or none that ends. */
function headerLine(bytes: Uint8Array, start: number): string | undefined {
  if (bytes[start] !== percent || bytes[start + 1] !== space) return undefined;
  const end = bytes.indexOf(lineFeed, start);
  if (end === -1 || end - start > longestLine) return undefined;
  const line = String.fromCharCode(...bytes.subarray(start, end));
  return /^% [A-Za-z][ -~]*\r?$/.test(line) ? line.trimEnd() : undefined;
}

/** Where the events begin; undefined where the header goes on behind these bytes. */
function endOfHeader(bytes: Uint8Array): number | undefined {
  let start = 0;
  while (start < bytes.length) {
    const line = headerLine(bytes, start);
    if (line === undefined) return bytes[start] === percent && bytes.length - start <= longestLine ? undefined : start;
    start = bytes.indexOf(lineFeed, start) + 1;
    if (line === "% end") return start;
  }
  return undefined;
}
