/**
 * Deno: `Deno.dlopen`, without pointers and callbacks, which need the unrestricted `--allow-ffi`.
 *
 * Waiting is a `nonblocking` call, which occupies one of Deno's 32 pool threads, and delays the natural end of the
 * program until it returns. So long waits are cut into slices.
 */

import process from "node:process";
import { explainLoadFailure, LoadFailure } from "./load_failure.ts";
import type { Adapter, NativeFunctions, NativeLibrary, OpenLibrary, StreamWaiter } from "./adapter.ts";
import { isPermitted } from "./permissions.ts";
import { statuses } from "./abi.ts";
import { type NativeSymbol, nativeSymbols, type NativeType, type SymbolTable } from "./symbols.ts";

/** The longest that the end of a program is held up. */
const waitSliceMs = 250;

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
  return new NonblockingWaiter(nonblockingWait(library.path), stream);
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

type NonblockingWait = (stream: number, timeoutMs: number) => Promise<number>;

/** A library is one resource of Deno for each dlopen, so each is opened once for waiting. */
const waits = new Map<string, NonblockingWait>();

function nonblockingWait(path: string): NonblockingWait {
  const known = waits.get(path);
  if (known !== undefined) return known;
  const { symbols } = load(path, {
    nd_stream_wait: { ...translate(nativeSymbols.nd_stream_wait), nonblocking: true },
  });
  const wait = symbols.nd_stream_wait as unknown as NonblockingWait;
  waits.set(path, wait);
  return wait;
}

class NonblockingWaiter implements StreamWaiter {
  readonly #wait: NonblockingWait;
  readonly #stream: number;
  #closed = false;

  constructor(wait: NonblockingWait, stream: number) {
    this.#wait = wait;
    this.#stream = stream;
  }

  async wait(timeoutMs: number): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (!this.#closed) {
      const remainingMs = Math.max(0, Math.ceil(endMs - performance.now()));
      const status = await this.#wait(this.#stream, Math.min(waitSliceMs, remainingMs));
      if (status !== statuses.timeout || performance.now() >= endMs) return;
    }
  }

  close(): void {
    this.#closed = true;
  }
}
