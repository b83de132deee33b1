import {
  boolean,
  type Check,
  notTogether,
  number,
  oneOf,
  options as optionsOf,
  outOfRange,
  wrongKind,
} from "../checks.ts";
import { recordingError } from "./errors.ts";
import { checkFileName, loadFiles } from "./files.ts";
import { unknownFormat } from "./foreign.ts";
import type { FormatReadOptions, RecordingFormat } from "./format.ts";
import { formats } from "./formats/formats.ts";
import { BlobSource, BytesSource, filesInMemory } from "./memory_source.ts";
import { anyFormat, anyGeometry, anySignal, anyTime } from "./option_checks.ts";
import type { OpenRecordingOptions, Recording } from "./recording.ts";
import type { ByteSource, SourceFiles } from "./source.ts";
import { StreamSource } from "./stream_source.ts";

/** What a recording can be read from: a path, or an URL with `file:`; a `Blob` or `File`; bytes; a stream of bytes. */
export type RecordingSource = string | URL | Blob | ReadableStream<Uint8Array> | Uint8Array | ArrayBuffer;

/** How many bytes formats are recognised by. */
const headBytes = 4096;

/**
 * Opens a recording: an iterable of `{ status, packet }` like a device. Its format is found out from its first bytes, not
 * from its name.
 *
 * A string is a path or a `file:` URL; the folder of a ROS 2 bag stands for its file. Files need Deno, Bun or Node, all
 * else works in a web page, too. Bytes are not copied: leave them as they are. A stream is read onwards only: it has no
 * duration and no way back.
 *
 * @throws {TypeError | RangeError} for a wrong source or option.
 * @throws {NeuromorphicError} "file-not-found", "permission-denied", "io"; "unsupported" for what is no recording of a
 * known format, with what it is; "damaged" for a header that is not right. Damage further behind is thrown by the loop
 * that meets it, after all that was readable before it.
 *
 * @example
 * ```ts
 * import { openRecording } from "@neuromorphic/drivers";
 *
 * const header = "% format EVT3;height=720;width=1280\n% end\n";
 * // TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100, ADDR_X 200 ON
 * const words = new Uint8Array([0x01, 0x80, 0x07, 0x60, 0x64, 0x00, 0xc8, 0x28]);
 * await using recording = await openRecording(new Uint8Array([...new TextEncoder().encode(header), ...words]));
 * console.log(recording.format.title, recording.geometry); // Prophesee RAW, EVT3 { width: 1280, height: 720 }
 * for await (const { packet } of recording) console.log(packet.polarityEvents); // t [4103], x [200], y [100], on [1]
 * ```
 */
export async function openRecording(source: RecordingSource, options: OpenRecordingOptions = {}): Promise<Recording> {
  const checked = checkOptions(options);
  const { from = -Infinity, to = Infinity, speed = fastest, loop = false, signal, reuseBuffers = false } = checked;
  if (to < from) throw outOfRange("to", `at least from (${from})`, to);
  if (loop && source instanceof ReadableStream) {
    throw notTogether("loop", "a stream", "it can be read only once");
  }
  signal?.throwIfAborted();
  const files = await filesOf(source);
  const { name, isSeekable } = files.main;
  const { format, ...opened } = await untilAborted(signal, files, openWith(files, checked));
  const again = files.again;
  const { FileRecording } = await import("./file_recording.ts");
  const recording = new FileRecording({
    ...opened,
    format,
    size: files.main.size,
    playback: { name, isSeekable, from, to, loop, speed: speed === fastest ? undefined : speed },
    reuseBuffers,
    signal,
    openAgain: again && (async () => await format.openReader!({ ...files, main: await again() }, readOptions(checked))),
  });
  if (signal?.aborted) {
    await recording.close();
    signal.throwIfAborted();
  }
  return recording;
}

/** Waits for a file to be opened. An abort ends the wait for a stream that gives nothing. */
async function untilAborted<Opened>(
  signal: AbortSignal | undefined,
  { main }: SourceFiles,
  opening: Promise<Opened>,
): Promise<Opened> {
  const close = () => void main.close();
  signal?.addEventListener("abort", close);
  if (signal?.aborted) close();
  try {
    return await opening;
  } catch (error) {
    signal?.throwIfAborted(); // it failed because it was closed
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
  }
}

const fastest = "as-fast-as-possible";

async function openWith(files: SourceFiles, options: OpenRecordingOptions) {
  try {
    const format = options.format ?? await recognise(files.main);
    if (format.openReader === undefined) {
      throw recordingError("unsupported", `${format.title} can be written, but not read`, {
        operation: "open recording",
        path: files.main.name,
      });
    }
    const { cameraOf } = await import("./receipt_beside.ts");
    const camera = await cameraOf(files);
    return { format, camera, reader: await format.openReader(files, readOptions(options)) };
  } catch (error) {
    await files.main.close();
    throw error;
  }
}

function readOptions({ geometry, reuseBuffers, keepIndex }: OpenRecordingOptions): FormatReadOptions {
  return { geometry, reuseBuffers, keepIndex };
}

/** The format of a file, by its first bytes. */
async function recognise(source: ByteSource): Promise<RecordingFormat> {
  const head = await source.read(0, headBytes);
  const found = formats.find((format) => format.matches(head, fileNameOf(source.name)));
  if (found !== undefined) return found;
  throw unknownFormat(head, source.name, formats.filter(({ openReader }) => openReader).map((format) => format.name));
}

function fileNameOf(name: string): string {
  return name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
}

async function filesOf(source: RecordingSource): Promise<SourceFiles> {
  if (typeof source === "string" || source instanceof URL) return await filesAt(checkFileName(source, "source"));
  if (source instanceof ArrayBuffer) return filesInMemory(() => new BytesSource(new Uint8Array(source)));
  if (source instanceof Uint8Array) return filesInMemory(() => new BytesSource(source));
  if (source instanceof Blob) return filesInMemory(() => new BlobSource(source));
  if (source instanceof ReadableStream) {
    return { main: new StreamSource(source), sibling: () => Promise.resolve(undefined) };
  }
  throw wrongKind("source", "a path, a file: URL, a Blob, a ReadableStream, an ArrayBuffer or a Uint8Array", source);
}

async function filesAt(path: string | URL): Promise<SourceFiles> {
  const { openFiles } = await loadFiles("open recording", path);
  return await openFiles(path);
}

const speedOf: Check<number | typeof fastest> = (value, name) => {
  if (typeof value === "string") return oneOf([fastest])(value, name);
  return number(0.001, 1000)(value, name);
};

const checkOptions = optionsOf<OpenRecordingOptions>("openRecording", {
  from: anyTime,
  to: anyTime,
  speed: speedOf,
  loop: boolean,
  format: anyFormat,
  geometry: anyGeometry,
  reuseBuffers: boolean,
  keepIndex: boolean,
  signal: anySignal,
});
