/**
 * Deno: `Deno.dlopen`, without pointers and callbacks, which need the unrestricted `--allow-ffi`.
 *
 * Waiting reads a pipe with a socket. A `nonblocking` call would occupy one of Deno's 32 pool threads, which the
 * program's files, DNS and cryptography need, and cost half as much CPU time again.
 */

import process from "node:process";
import { explainLoadFailure, LoadFailure } from "./load_failure.ts";
import type { Adapter, NativeFunctions, NativeLibrary, OpenLibrary, StreamWaiter } from "./adapter.ts";
import { isPermitted } from "./permissions.ts";
import { createPipeWaiter } from "./pipe_waiter.ts";
import { SocketPipe } from "./socket_pipe.ts";
import type { NativeSymbol, NativeType, SymbolTable } from "./symbols.ts";

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
export function createAdapter(): Promise<Adapter> {
  return Promise.resolve({ runtime: "deno", openLibrary, createWaiter, allocate, expectReuse, atExit });
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
  return createPipeWaiter(library, stream, {
    keeper: "pipe",
    open: (fileDescriptor, onWake) => new SocketPipe(fileDescriptor, onWake),
  });
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
