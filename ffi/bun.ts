/**
 * Bun: `bun:ffi`. Its calls are always synchronous, so waiting reads a pipe, by a stream over its file descriptor
 * (`net.Socket({ fd })` delivers nothing in Bun 1.4).
 */

import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import process from "node:process";
import { explainLoadFailure } from "./load_failure.ts";
import type { Adapter, NativeFunctions, NativeLibrary, OpenLibrary, StreamWaiter } from "./adapter.ts";
import { createPipeWaiter, type Pipe } from "./pipe_waiter.ts";
import type { NativeSymbol, NativeType, SymbolTable } from "./symbols.ts";

/** What is used of `bun:ffi`. */
interface BunFfi {
  dlopen(path: string, functions: Record<string, { args: string[]; returns: string }>): { symbols: unknown };
}

/** What is used of `Bun`. */
interface BunGlobal {
  file(fileDescriptor: number): { stream(): ReadableStream<Uint8Array> };
}

/**
 * Address space that is never touched and so takes no memory. Bun's engine collects garbage whenever as many bytes were
 * made as are live, 16 MB at least, and counts a packet's buffer anew each time that it is moved: with full packets every
 * 19 of them, for half a millisecond. With so much that is live it collects a fifth as often. Where packets own their
 * memory it is in the way: then what is collected early is still in the CPU's caches when it is used again.
 */
let untouched: ArrayBuffer | undefined;
const untouchedLength = 64 << 20;

const bunTypes = {
  u8: "u8",
  u16: "u16",
  u32: "u32",
  i32: "i32",
  address: "u64",
  buffer: "ptr",
  void: "void",
} as const satisfies Record<NativeType, string>;

/** Makes the adapter. */
export function createAdapter(): Adapter {
  // Not by `import`: other runtimes, bundlers and `deno publish` would try to resolve it.
  const { dlopen } = createRequire(import.meta.url)("bun:ffi") as BunFfi;

  function openLibrary<const Table extends SymbolTable>(path: string, table: Table): OpenLibrary<Table> {
    const functions = Object.entries(table).map(([name, symbol]) => [name, translate(symbol)] as const);
    try {
      const { symbols } = dlopen(path, Object.fromEntries(functions));
      return { path, symbols: symbols as NativeFunctions<Table> };
    } catch (error) {
      throw explainLoadFailure(path, error);
    }
  }

  return { runtime: "bun", openLibrary, createWaiter, allocate, expectReuse, atExit };
}

function createWaiter(library: NativeLibrary, stream: number): StreamWaiter {
  return createPipeWaiter(library, stream, {
    keeper: "stream",
    open: (fileDescriptor, onWake) => new StreamPipe(fileDescriptor, onWake),
  });
}

function allocate(byteLength: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(byteLength).buffer;
}

function expectReuse(): void {
  untouched ??= new ArrayBuffer(untouchedLength);
}

function atExit(run: () => void): void {
  process.on("exit", run);
}

function translate({ parameters, result }: NativeSymbol): { args: string[]; returns: string } {
  return { args: parameters.map((type) => bunTypes[type]), returns: bunTypes[result] };
}

/**
 * Reads the pipe by a stream that Bun makes over a duplicate of the descriptor. An open stream keeps the process alive,
 * read or not, and cannot be told otherwise; so it is given up when no wait was asked for in a while, and made anew for
 * the next wait (55 µs). A byte that came meanwhile stays in the pipe.
 */
class StreamPipe implements Pipe {
  readonly #fileDescriptor: number;
  readonly #onWake: () => void;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(fileDescriptor: number, onWake: () => void) {
    this.#fileDescriptor = fileDescriptor;
    this.#onWake = onWake;
  }

  beginWait(): void {
    if (this.#reader !== undefined) return;
    const { Bun } = globalThis as unknown as { Bun: BunGlobal };
    this.#reader = Bun.file(this.#fileDescriptor).stream().getReader();
    this.#readAll(this.#reader);
  }

  async #readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      while (!(await reader.read()).done) this.#onWake();
    } catch {
      // The stream broke: waiting loops look again, and the next wait makes a new one.
    }
    if (this.#reader !== reader) return;
    this.#reader = undefined;
    this.#onWake();
  }

  rest(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.cancel().catch(() => {});
  }

  close(): void {
    this.rest();
  }
}
