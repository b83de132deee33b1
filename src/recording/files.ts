/** Files by their paths, which a web page has none of. Recordings ask for them here, so that they are the same code there. */

import { outOfRange, wrongKind } from "../checks.ts";
import type { FileSinkOptions } from "./file_sink.ts";
import { recordingError } from "./errors.ts";
import type { SinkFiles } from "./sink.ts";
import type { SourceFiles } from "./source.ts";

/**
 * Checks what a program names a file by: a path, or an URL with `file:`, which may be a string, as those of
 * `import.meta.resolve("./events.raw")` are. Returns the path or the URL.
 *
 * @throws {TypeError} for what is neither.
 * @throws {RangeError} for other URLs, and for what no file is called.
 */
export function checkFileName(value: unknown, name: string): string | URL {
  if (typeof value !== "string" && !(value instanceof URL)) throw wrongKind(name, "a path or a file: URL", value);
  const url = typeof value === "string" ? urlOf(value) : value;
  if (url === undefined) {
    if (value === "" || (value as string).includes("\0")) throw outOfRange(name, "the path of a file", value);
    return value;
  }
  if (url.protocol === "file:") return url;
  throw outOfRange(name, 'a path or an URL with "file:" (fetch others, and give the body of the response)', url.href);
}

/** The ending of a file's name, with its dot and in lower case, such as `".raw"`; `""` where there is none. */
export function endingOf(path: string): string {
  return /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? "";
}

/** A string with two slashes behind its scheme is meant as an URL: `C:\events.raw` and `a:b.raw` are paths. */
function urlOf(text: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** What opens files and knows of them: `file_source.ts`, `file_sink.ts` and `native_recorder.ts`. */
export interface FileSystem {
  openFiles(path: string | URL): Promise<SourceFiles>;
  openFileSink(path: string | URL, options?: FileSinkOptions): Promise<SinkFiles>;
  standardOutput(): WritableStream<Uint8Array>;
  /** Whether a recorder, of this program or another one, still writes a recording with this receipt. */
  isRecording(receiptPath: string): Promise<boolean>;
}

let provided: (() => Promise<FileSystem>) | undefined;

/** Says where files come from; `file_system.ts` does it. */
export function provideFiles(load: () => Promise<FileSystem>): void {
  provided = load;
}

/**
 * Loads what opens files.
 *
 * @throws {NeuromorphicError} "unsupported" in a web page.
 */
export async function loadFiles(operation: string, path: string | URL): Promise<FileSystem> {
  if (provided !== undefined) return await provided();
  throw recordingError("unsupported", "a web page has no files by their paths: give a Blob, a stream or bytes", {
    operation,
    path: String(path),
  });
}
