/** Files by their paths, which a web page has none of. Recordings ask for them here, so that they are the same code there. */

import type { FileSinkOptions } from "./file_sink.ts";
import { recordingError } from "./errors.ts";
import type { SinkFiles } from "./sink.ts";
import type { SourceFiles } from "./source.ts";

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
