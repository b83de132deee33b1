/**
 * Notices the text header of a RAW file at the beginning of a stream: lines `% key value`, and often `% end`.
 *
 * In EVT3, `% ` is also a word (0x2025, ADDR_X 37), with which a stream may begin that was cut anywhere, and the words of
 * a row may look like text up to a line's end. So a header is what no events look like: a first line with a key that RAW
 * files have (`% date `), or two lines of text that begin with `% `.
 */

/** What the first bytes of a stream are. */
type Kind = "header" | "events" | "undecided";

/** Keys that RAW files of several ages begin with. */
const knownKeys: ReadonlySet<string> = new Set([
  "Date",
  "camera_integrator_name",
  "date",
  "end",
  "endianness",
  "evt",
  "firmware_version",
  "format",
  "generation",
  "geometry",
  "integrator_name",
  "plugin_integrator_name",
  "plugin_name",
  "sensor_generation",
  "sensor_name",
  "serial_number",
  "sub_system_ID",
  "subsystem_ID",
  "system_ID",
]);

/** A first line that has no known key and goes on for longer, in bytes, is none. */
const longestUndecided = 4096;

/** How much of the first line an error shows, and where its key is looked for. */
const longestShown = 80;

/** What each line of a header begins with: `% `. */
const mark = [0x25, 0x20] as const;
const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];

/**
 * Refuses a stream that begins with a header. A header that comes in pieces is noticed with the piece that decides; its
 * text before that piece has been decoded then, to no events, as text has no TIME_HIGH.
 *
 * @param before The beginning of the stream, where it may still be that of a header.
 * @param bytes What follows it.
 * @returns Both, where they may still be the beginning of a header; undefined where they are events.
 * @throws {TypeError} that says where the events begin.
 */
export function refuseRawHeader(before: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  const head = before.length === 0 ? bytes : joined(before, bytes);
  switch (kindOf(head)) {
    case "events":
      return undefined;
    case "undecided":
      return head.slice();
    case "header":
      throw headerError(head, before.length);
  }
}

function headerError(head: Uint8Array, before: number): TypeError {
  const line = textOf(head, 0, endOfText(head, 0)).trimEnd();
  const shown = JSON.stringify(line.length > longestShown ? `${line.slice(0, longestShown)}…` : line);
  const end = endOfHeader(head);
  const events = end === undefined
    ? 'what follows its line "% end", or its last line that begins with "% "'
    : `bytes.subarray(${end - before}), which is what follows it`;
  const [place, reset] = before === 0 ? ["", ""] : [`, which began ${before} bytes before them`, "reset() and "];
  return new TypeError(
    `bytes must be an event stream, not the header of a RAW file (${shown})${place}: ${reset}decode ${events}`,
  );
}

function kindOf(head: Uint8Array): Kind {
  const first = lineAt(head, 0);
  if (first === "events") return first;
  if (hasKnownKey(head)) return "header";
  const second = first === "undecided" ? first : lineAt(head, first);
  if (second === "undecided") return head.length <= longestUndecided ? second : "events";
  return second === "events" ? second : "header";
}

function hasKnownKey(head: Uint8Array): boolean {
  const [, key] = /^% ([^ \t\r\n]+)[ \t\r\n]/.exec(textOf(head, 0, longestShown)) ?? [];
  return key !== undefined && knownKeys.has(key);
}

/** Where a line of a header ends that begins here; "undecided" where the bytes end before. */
function lineAt(bytes: Uint8Array, start: number): number | "events" | "undecided" {
  for (const [index, byte] of mark.entries()) {
    if (start + index >= bytes.length) return "undecided";
    if (bytes[start + index] !== byte) return "events";
  }
  const end = endOfText(bytes, start);
  if (end === bytes.length) return "undecided";
  return bytes[end] === lineFeed ? end + 1 : "events";
}

/** Where text of any encoding ends: at a line feed, at another byte that no text has, or at the end. */
function endOfText(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && (bytes[end]! >= space || bytes[end] === tab || bytes[end] === carriageReturn)) ++end;
  return end;
}

/** Where the events begin; undefined where the header may go on behind these bytes. */
function endOfHeader(head: Uint8Array): number | undefined {
  for (let start = 0;;) {
    const next = lineAt(head, start);
    if (next === "undecided") return undefined;
    if (next === "events") return start;
    if (textOf(head, start, next).trimEnd() === "% end") return next;
    start = next;
  }
}

/** Bytes of another encoding become replacement characters. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.slice(start, end)); // a copy, as the bytes may be shared memory
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
