/**
 * Deno: `Deno.dlopen`, without pointers and callbacks, which need the unrestricted `--allow-ffi`.
 *
 * Waiting reads a pipe with a socket. A `nonblocking` call that waits would occupy one of Deno's 32 pool threads, which
 * the program's files, DNS and cryptography need, and cost more CPU time.
 */

import process from "node:process";
import { explainLoadFailure, LoadFailure } from "./load_failure.ts";
import type { Adapter, NativeFunctions, NativeLibrary, OpenLibrary, StreamWaiter } from "./adapter.ts";
import { isPermitted } from "./permissions.ts";
import { statuses } from "./abi.ts";
import { createPipeWaiter } from "./pipe_waiter.ts";
import { SocketPipe } from "./socket_pipe.ts";
import { type NativeSymbol, nativeSymbols, type NativeType, type SymbolTable } from "./symbols.ts";

const denoTypes = {
  u8: "u8",
  u16: "u16",
  u32: "u32",
  i32: "i32",
  address: "u64",
  buffer: "buffer",
  void: "void",
} as const satisfies Record<NativeType, Deno.NativeResultType>;

/** Makes the adapter. */
export function createAdapter(): Adapter {
  return { runtime: "deno", openLibrary, createWaiter, allocate, expectReuse, atExit };
}

/** Deno has no memory that is not zeroed. */
function allocate(byteLength: number): ArrayBuffer {
  return new ArrayBuffer(byteLength);
}

function expectReuse(): void {}

function openLibrary<const Table extends SymbolTable>(path: string, table: Table): OpenLibrary<Table> {
  const functions = Object.entries(table).map(([name, symbol]) => [name, translate(symbol)] as const);
  const library = load(path, Object.fromEntries(functions));
  return { path, symbols: library.symbols as unknown as NativeFunctions<Table> };
}

function createWaiter(library: NativeLibrary, stream: number): StreamWaiter {
  const pipe = createPipeWaiter(library, stream, {
    sockets: false,
    open: (fileDescriptor, onWake) => new SocketPipe(fileDescriptor, onWake),
  });
  return new TurningWaiter(library, stream, pipe);
}

/**
 * Under Deno an uncaught error ends the program without "exit". Its own events come first; where a listener handles the
 * error, by a listener that is older or one of `process`, the program goes on.
 */
function atExit(run: () => void): void {
  process.on("exit", run);
  const runUnlessHandled = (event: Event, ...handlers: string[]) => {
    if (!event.defaultPrevented && handlers.every((name) => process.listenerCount(name) === 0)) run();
  };
  globalThis.addEventListener("error", (event) => runUnlessHandled(event, "uncaughtException"));
  globalThis.addEventListener(
    "unhandledrejection",
    (event) => runUnlessHandled(event, "uncaughtException", "unhandledRejection"),
  );
}

function translate({ parameters, result }: NativeSymbol): Deno.ForeignFunction {
  return {
    parameters: parameters.map((type) => denoTypes[type] as Deno.NativeType),
    result: denoTypes[result],
  };
}

function load<Functions extends Deno.ForeignLibraryInterface>(
  path: string,
  functions: Functions,
): Deno.DynamicLibrary<Functions> {
  // Asked first: dlopen itself would stop the program with a prompt.
  if (!isPermitted({ name: "ffi", path })) {
    throw new LoadFailure(path, "permission", "--allow-ffi does not name it");
  }
  try {
    return Deno.dlopen(path, functions);
  } catch (error) {
    throw explainLoadFailure(path, error);
  }
}

/** How long a turn may wait for a thread of the pool, which the program may have in use. */
const longestTurnMs = 10;

/**
 * Where a wait is over at once, Deno finds the byte in the pipe without asking the system what else there is, sixty times
 * in a row: the program's sockets would starve. So the turn is then a call that does nothing, on a thread of the pool for
 * some microseconds: Deno asks the system while it waits for it. A timer would take 2.5 ms.
 */
class TurningWaiter implements StreamWaiter {
  readonly #library: NativeLibrary;
  readonly #stream: number;
  readonly #pipe: StreamWaiter;

  constructor(library: NativeLibrary, stream: number, pipe: StreamWaiter) {
    this.#library = library;
    this.#stream = stream;
    this.#pipe = pipe;
  }

  wait(timeoutMs: number): Promise<void> {
    const isOver = this.#library.symbols.nd_stream_wait(this.#stream, 0) === statuses.ok;
    return isOver ? turn(this.#library.path) : this.#pipe.wait(timeoutMs);
  }

  wake(): void {
    this.#pipe.wake();
  }

  close(): void {
    this.#pipe.close();
  }
}

function turn(path: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, longestTurnMs);
    callOnPool(path).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The call that waits for a thread or is on it: there is one at most. */
let call: Promise<unknown> | undefined;

function callOnPool(path: string): Promise<unknown> {
  call ??= nonblockingCall(path)().finally(() => call = undefined);
  return call;
}

type NonblockingCall = () => Promise<unknown>;

/** A library is one resource of Deno for each dlopen, so each is opened once for this. */
const nonblockingCalls = new Map<string, NonblockingCall>();

function nonblockingCall(path: string): NonblockingCall {
  const known = nonblockingCalls.get(path);
  if (known !== undefined) return known;
  const { symbols } = load(path, {
    nd_abi_version: { ...translate(nativeSymbols.nd_abi_version), nonblocking: true },
  });
  const made = symbols.nd_abi_version as unknown as NonblockingCall;
  nonblockingCalls.set(path, made);
  return made;
}
