import { type FileHandle, link, lstat, open, realpath, rename, rm, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { recordingError } from "./errors.ts";
import { fileError, systemCode } from "./sink_errors.ts";
import type { ByteSink, SinkFiles } from "./sink.ts";

/** Options of {@link openFileSink}. */
export interface FileSinkOptions {
  /** Whether to take the place of a file that is there. Default: false. */
  readonly force?: boolean | undefined;
}

/** Smaller writes are gathered to so many bytes. */
const bufferBytes = 262_144;

/**
 * Begins a file. Until it is complete it has another name beside its own, such as `a.dat.1f3c9a02.part`. What exists and is
 * no file but takes bytes, such as `/dev/stdout` or a named pipe, is written directly.
 *
 * @throws {NeuromorphicError} "file-exists" without `force`; "file-not-found" where the folder is missing;
 *   "permission-denied", "no-space", "io".
 */
export async function openFileSink(file: string | URL, options: FileSinkOptions = {}): Promise<SinkFiles> {
  const path = typeof file === "string" ? file : fileURLToPath(file);
  return {
    main: await openSinkAt(path, options),
    sibling: (renamed) => openSinkAt(join(dirname(path), renamed(basename(path))), options),
  };
}

/** What takes the bytes of standard output: a stream, as `openSink` takes it. */
export function standardOutput(): WritableStream<Uint8Array> {
  // The callback of a write tells of an error; as an event it would end the program.
  process.stdout.on("error", () => {});
  return new WritableStream({
    write: (bytes) =>
      new Promise<void>((resolve, reject) => {
        process.stdout.write(bytes, (error) => error ? reject(error) : resolve());
      }),
  });
}

async function openSinkAt(path: string, { force = false }: FileSinkOptions): Promise<ByteSink> {
  const there = await kindOf(path);
  if (there === "folder") throw recordingError("io", "is a folder", { operation: "create", path });
  if (there === "device") return new FileSink(path, await openHandle(path, path, "w"));
  if (there === "file" && !force) throw exists(path);
  // A link stays one: the file takes the place of what it leads to.
  const target = there === "file" ? await realpath(path).catch(() => path) : path;
  const partial = partialName(target);
  const handle = await openHandle(partial, path, "wx");
  return new FileSink(path, handle, { partial, target, force, replaces: there === "file" });
}

/** What stands at a path. A link that leads nowhere is a file, which is not to be overwritten unasked. */
async function kindOf(path: string): Promise<"nothing" | "file" | "folder" | "device"> {
  try {
    const found = await stat(path).catch(() => lstat(path));
    if (found.isDirectory()) return "folder";
    return found.isFile() || found.isSymbolicLink() ? "file" : "device";
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "nothing";
    throw fileError(error, { operation: "create", path });
  }
}

async function openHandle(name: string, path: string, flags: string): Promise<FileHandle> {
  try {
    return await open(name, flags);
  } catch (error) {
    throw fileError(error, { operation: "create", path });
  }
}

/** A name in the same folder, which no other program chooses. Long names are cut, as systems allow 255 bytes. */
function partialName(target: string): string {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  const name = [...basename(target)].slice(0, 50).join("");
  return join(dirname(target), `${name}.${random!.toString(16).padStart(8, "0")}.part`);
}

function exists(path: string, cause?: unknown) {
  return recordingError("file-exists", "the file is there already; `force` overwrites it", {
    operation: "create",
    path,
    cause,
  });
}

/** How a file gets its name. */
interface Naming {
  readonly partial: string;
  readonly target: string;
  readonly force: boolean;
  readonly replaces: boolean;
}

class FileSink implements ByteSink {
  readonly name: string;
  readonly isSeekable: boolean;
  readonly replaces: boolean;
  readonly #handle: FileHandle;
  readonly #naming: Naming | undefined;
  readonly #buffer = new Uint8Array(bufferBytes);
  #buffered = 0;
  /** Bytes in the file, without those in the buffer. */
  #flushed = 0;
  #isOpen = true;

  constructor(name: string, handle: FileHandle, naming?: Naming) {
    this.name = name;
    this.isSeekable = naming !== undefined;
    this.replaces = naming?.replaces ?? false;
    this.#handle = handle;
    this.#naming = naming;
  }

  get position(): number {
    return this.#flushed + this.#buffered;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    if (this.#buffered + bytes.length > bufferBytes) await this.#flush();
    if (bytes.length >= bufferBytes) {
      await this.#put(bytes, this.#flushed);
      this.#flushed += bytes.length;
      return;
    }
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered += bytes.length;
  }

  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    if (!this.isSeekable) {
      throw recordingError("unsupported", "only a file can be written at a place", {
        operation: "write",
        path: this.name,
      });
    }
    await this.#flush();
    if (position + bytes.length > this.#flushed) {
      throw new RangeError(`position must be at most ${this.#flushed - bytes.length}, not ${position}`);
    }
    await this.#put(bytes, position);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    try {
      await this.#flush();
      this.#isOpen = false;
      await this.#attempt("close", this.#handle.close());
      if (this.#naming !== undefined) await this.#giveName(this.#naming);
    } catch (error) {
      await this.#discard();
      throw error;
    }
  }

  async abort(): Promise<void> {
    if (this.#isOpen) await this.#discard();
  }

  async remove(): Promise<void> {
    await this.abort();
    if (this.replaces) await this.#attempt("remove", rm(this.name, { force: true }));
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) {
      throw recordingError("closed", "the file was closed before", { operation: "write", path: this.name });
    }
  }

  async #flush(): Promise<void> {
    if (this.#buffered === 0) return;
    await this.#put(this.#buffer.subarray(0, this.#buffered), this.#flushed);
    this.#flushed += this.#buffered;
    this.#buffered = 0;
  }

  /** Writes all bytes: the system may take fewer at a time, as on a disk that becomes full. */
  async #put(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const place = this.isSeekable ? position + done : null;
      const { bytesWritten } = await this.#attempt(
        "write",
        this.#handle.write(bytes, done, bytes.length - done, place),
      );
      if (bytesWritten === 0) {
        throw recordingError("no-space", "the disk is full", { operation: "write", path: this.name });
      }
      done += bytesWritten;
    }
  }

  async #giveName({ partial, target, force }: Naming): Promise<void> {
    if (force) return await this.#attempt("rename", rename(partial, target));
    // Of two programs that write the same file, only one can link it, and none takes the other's place.
    try {
      await link(partial, target);
    } catch (error) {
      if (systemCode(error) === "EEXIST") throw exists(this.name, error);
      return await this.#claimName(partial, target);
    }
    await this.#attempt("rename", unlink(partial));
  }

  /** For disks without links, such as FAT: an empty file keeps the name until it is renamed over. */
  async #claimName(partial: string, target: string): Promise<void> {
    try {
      await (await open(target, "wx")).close();
    } catch (error) {
      throw systemCode(error) === "EEXIST"
        ? exists(this.name, error)
        : fileError(error, { operation: "rename", path: this.name });
    }
    await this.#attempt("rename", rename(partial, target));
  }

  async #attempt<Result>(operation: string, done: Promise<Result>): Promise<Result> {
    try {
      return await done;
    } catch (error) {
      throw fileError(error, { operation, path: this.name });
    }
  }

  async #discard(): Promise<void> {
    this.#isOpen = false;
    await this.#handle.close().catch(() => {});
    if (this.#naming !== undefined) await unlink(this.#naming.partial).catch(() => {});
  }
}
