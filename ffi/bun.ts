/**
 * Bun: `bun:ffi`. Its calls are always synchronous, so waiting reads a file descriptor: one of two sockets, by
 * `Bun.connect`. A stream over a pipe took 22 µs of CPU time more for each byte (of 59), and `net.Socket({ fd })`
 * delivers nothing in Bun 1.4.
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
  connect(options: {
    readonly fd: number;
    readonly socket: {
      open(socket: BunSocket): void;
      data(socket: BunSocket, bytes: Uint8Array): void;
      error(socket: BunSocket, error: Error): void;
      close(socket: BunSocket): void;
    };
  }): Promise<BunSocket>;
}

interface BunSocket {
  unref(): void;
  /** Closes the file descriptor. */
  terminate(): void;
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
    sockets: true,
    open: (fileDescriptor, onWake) => new SocketEnd(fileDescriptor, onWake),
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

/** Reads one of two sockets, and does not keep the process alive. */
class SocketEnd implements Pipe {
  #socket: BunSocket | undefined;
  #closed = false;

  constructor(fileDescriptor: number, onWake: () => void) {
    const { Bun } = globalThis as unknown as { Bun: BunGlobal };
    const open = (socket: BunSocket): void => {
      this.#socket = socket;
      socket.unref();
      if (this.#closed) socket.terminate();
    };
    const connecting = Bun.connect({
      fd: fileDescriptor,
      socket: { open, data: onWake, error: onWake, close: onWake },
    });
    connecting.catch(onWake); // waiting loops look again when their time is over
  }

  close(): void {
    this.#closed = true;
    this.#socket?.terminate();
  }
}
