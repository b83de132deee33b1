import { nearest } from "../nearest.ts";
import { recordingError } from "./errors.ts";
import { endingOf } from "./files.ts";
import type { RecordingFormat } from "./format.ts";
import { formats } from "./formats/formats.ts";
import type { SinkTarget } from "./open_sink.ts";

/**
 * The format of a target: the one that is asked for, or the first with the ending of its name. Where several have the
 * ending, as with `.raw`, that of the source comes first: a cut does not change the format.
 *
 * @throws {NeuromorphicError} "unsupported" where none has the ending, or it is read only.
 */
export function formatForWriting(
  to: SinkTarget,
  wanted: RecordingFormat | undefined,
  source: RecordingFormat,
): RecordingFormat {
  const path = nameOf(to);
  const operation = { operation: "convert", path };
  if (wanted !== undefined) {
    if (wanted.openWriter !== undefined) return wanted;
    throw recordingError("unsupported", `${wanted.title} can be read only`, operation);
  }
  const ending = endingOf(path);
  const fitting = formats.filter(({ endings }) => endings.includes(ending));
  const writable = fitting.filter(({ openWriter }) => openWriter !== undefined);
  const [first] = writable;
  if (first !== undefined) return writable.find((format) => format === source) ?? first;
  if (fitting.length > 0) throw recordingError("unsupported", `${fitting[0]!.title} can be read only`, operation);
  const endings = formats.flatMap(({ openWriter, endings }) => openWriter === undefined ? [] : endings);
  const meant = nearest(ending, endings);
  const help = meant === undefined ? `there are ${[...new Set(endings)].join(", ")}.` : `did you mean ${meant}?`;
  const what = ending === "" ? "its name has no ending that tells the format" : `no format has the ending ${ending}`;
  throw recordingError("unsupported", `${what}; ${help} The option \`format\` chooses one, too`, operation);
}

function nameOf(to: SinkTarget): string {
  if (typeof to === "string") return to === "-" ? "standard output" : to;
  if (to instanceof URL) return to.pathname;
  return to instanceof WritableStream ? "stream" : to.main.name;
}
