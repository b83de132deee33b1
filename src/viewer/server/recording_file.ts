/** A recording as bytes for the page, which opens it as a file that was dropped onto it. */

import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import { NeuromorphicError } from "../../errors.ts";
import { readError } from "../../recording/file_errors.ts";
import type { RecordingDescription } from "../wire.ts";
import { HttpError, writeHead } from "./replies.ts";

/** As much is read and waits for the page at a time. */
const chunkBytes = 1 << 20;

/** An open file. */
export class RecordingFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #size: number;
  readonly #modifiedMs: number;

  private constructor(path: string, handle: FileHandle, facts: { readonly size: number; readonly mtimeMs: number }) {
    this.#path = path;
    this.#handle = handle;
    this.#size = facts.size;
    this.#modifiedMs = facts.mtimeMs;
  }

  /**
   * Opens a file.
   *
   * @throws {NeuromorphicError} "file-not-found", "permission-denied", "unsupported" for what is no file, "io".
   */
  static async open(path: string): Promise<RecordingFile> {
    const details = { operation: "open recording", path };
    const handle = await open(path, "r").catch((cause) => {
      throw readError(cause, details);
    });
    try {
      const facts = await handle.stat();
      if (facts.isFile()) return new RecordingFile(path, handle, facts);
      throw new NeuromorphicError("unsupported", `${path}: is no file that can be read at any place`, details);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** What the page is told of it. */
  describe(): RecordingDescription {
    return { kind: "recording", name: basename(this.#path), size: this.#size, modifiedMs: this.#modifiedMs };
  }

  /** Sends the whole file or the range that the request names. */
  async send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const range = parseRange(request.headers.range, this.#size);
    const { start, end } = range ?? { start: 0, end: this.#size };
    writeHead(response, range === undefined ? 200 : 206, {
      "content-type": "application/octet-stream",
      "content-length": end - start,
      "accept-ranges": "bytes",
      ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${this.#size}` }),
    });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    for (let at = start; at < end && !response.destroyed;) {
      const { bytesRead, buffer } = await this.#handle.read(new Uint8Array(Math.min(chunkBytes, end - at)), {
        position: at,
      });
      if (bytesRead === 0) { // the file has become shorter
        response.destroy();
        return;
      }
      at += bytesRead;
      if (!response.write(buffer.subarray(0, bytesRead))) await takenOf(response);
    }
    response.end();
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Resolves when the page has taken what waits, or is gone. */
function takenOf(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off("drain", settle).off("close", settle);
      resolve();
    };
    response.on("drain", settle).on("close", settle);
    if (response.destroyed) settle();
  });
}

/**
 * The range that a header asks for, its end excluded: `bytes=0-99`, `bytes=100-`, `bytes=-100`. Undefined where there is
 * none, or several: the answer is the whole then, as HTTP has it.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end };
  throw new HttpError(416, `there are no such bytes: the file has ${size}`, { "content-range": `bytes */${size}` });
}
