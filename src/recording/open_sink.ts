import { wrongKind } from "../checks.ts";
import { checkFileName, loadFiles } from "./files.ts";
import type { SinkFiles } from "./sink.ts";
import { streamFiles } from "./stream_sink.ts";

/** Where a recording can be written to. */
export type SinkTarget = string | URL | WritableStream<Uint8Array> | SinkFiles;

/** Options of {@link openSink}. */
export interface SinkOptions {
  /** Whether to take the place of files that are there. Default: false. */
  readonly force?: boolean | undefined;
}

/**
 * Begins a recording's files: under a path or a `file:` URL, or in a web stream, or in {@link MemoryFiles} and other places
 * that a program makes. The path `"-"` is standard output; a file of that name is `"./-"`.
 *
 * @throws {TypeError} for another target.
 * @throws {RangeError} for an URL of another kind, and for an empty path.
 * @throws {NeuromorphicError} "file-exists" without `force`; "file-not-found" where the folder is missing;
 *   "permission-denied", "no-space", "io".
 *
 * @example
 * ```ts
 * import { csv, MemoryFiles, open, openSink } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" });
 * const target = new MemoryFiles("events.csv"); // or a path, or a stream
 * const writer = await csv.openWriter!(await openSink(target), { geometry: { width: 1280, height: 720 } });
 * for await (const { packet } of device) {
 *   if (packet?.polarityEvents === undefined) continue;
 *   await writer.write(packet);
 *   break;
 * }
 * await writer.close();
 * ```
 */
export async function openSink(target: SinkTarget, options: SinkOptions = {}): Promise<SinkFiles> {
  if (typeof target === "string" || target instanceof URL) {
    const file = checkFileName(target, "target");
    const { openFileSink, standardOutput } = await loadFiles("write recording", file);
    if (file === "-") return streamFiles(standardOutput(), "standard output");
    return await openFileSink(file, options);
  }
  if (target instanceof WritableStream) return streamFiles(target);
  checkSinkTarget(target);
  return target;
}

/** @throws {TypeError | RangeError} for what is no place for a recording. */
export function checkSinkTarget(target: SinkTarget): void {
  if (typeof target === "string" || target instanceof URL) return void checkFileName(target, "target");
  if (target instanceof WritableStream || typeof target?.main?.write === "function") return;
  throw wrongKind("target", "a path, an URL, a WritableStream or SinkFiles", target);
}
