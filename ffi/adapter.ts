/**
 * What the library needs of a runtime's foreign-function interface. `deno.ts`, `bun.ts` and `node.ts` each make one
 * {@link Adapter} with the same members in the same order; `tests/ffi/` runs one suite over all of them.
 *
 * The contract is the least that the three have in common:
 *
 * - Calls are synchronous and take numbers, addresses and buffers. There are no callbacks into JavaScript: some
 *   runtimes block the calling native thread until JavaScript answers.
 * - An address is an opaque bigint. No adapter dereferences one, so that Deno needs permission for the two libraries
 *   only (`--allow-ffi=<native library>,<libusb>`); native memory is read through `nd_memory_copy`.
 * - Libraries stay loaded until the process ends: a native thread may be inside them.
 */

import type { nativeSymbols, NativeType, SymbolTable } from "./symbols.ts";

/** JavaScript runtimes that have an adapter. */
export type Runtime = "deno" | "bun" | "node";

/** What a parameter takes. Numbers must be whole and within the C type's range: adapters do not check them. */
export type Argument<Type extends NativeType> = Type extends "address" ? bigint
  : Type extends "buffer" ? ArrayBufferView | null
  : number;

/** What a result becomes. */
export type Result<Type extends NativeType> = Type extends "void" ? void
  : Type extends "address" ? bigint
  : number;

type Arguments<Types extends readonly NativeType[]> = {
  -readonly [Index in keyof Types]: Argument<Types[Index]>;
};

/** The functions of a symbol table, callable. */
export type NativeFunctions<Table extends SymbolTable> = {
  readonly [Name in keyof Table]: (...values: Arguments<Table[Name]["parameters"]>) => Result<Table[Name]["result"]>;
};

/** A loaded library. */
export interface OpenLibrary<Table extends SymbolTable> {
  /** The path that it was loaded from, as it was given. Loading that path again gives the same library. */
  readonly path: string;
  readonly symbols: NativeFunctions<Table>;
}

/** The native library, loaded. */
export type NativeLibrary = OpenLibrary<typeof nativeSymbols>;

/** Waits for a stream without blocking the event loop. */
export interface StreamWaiter {
  /**
   * Resolves when the stream may have something to read or may have ended, at the latest after the time. It may
   * resolve early without a reason, and never rejects. While a call waits the process stays alive; when none does, the
   * waiter keeps it alive for half a second at most. Calls may overlap. It takes no thread of a pool for longer than a
   * moment, however many streams are waited for.
   *
   * When it resolves, the event loop has had a turn, in which timers, files and sockets went on: also where there is
   * something to read already. Only closing ends it without one.
   */
  wait(timeoutMs: number): Promise<void>;
  /** Ends the waits that go on, soon. */
  wake(): void;
  /**
   * Stops reading. Waiting calls resolve, and later ones do at once. Safe to call twice, and before or after the stream
   * is closed.
   */
  close(): void;
}

/** One runtime's foreign-function interface. */
export interface Adapter {
  readonly runtime: Runtime;
  /**
   * Loads a library and looks up all functions of the table.
   *
   * - `path` is absolute; a bare file name makes the system search for it (under Deno with unrestricted permission
   *   only).
   * - Nothing is asked of the user: where Deno would prompt for permission, the load fails with "permission".
   * - Functions take their arguments as {@link Argument} says. A view is passed at its own offset and lent until the
   *   call returns; null is NULL, and an empty view may become NULL.
   *
   * @throws {LoadFailure} where the file is missing, is for another architecture, must not be loaded, or lacks a
   * function.
   */
  openLibrary<const Table extends SymbolTable>(path: string, table: Table): OpenLibrary<Table>;
  /**
   * Makes the waiter of a stream; a stream has one. Never throws: where the best way of waiting fails, a slower one
   * takes its place.
   */
  createWaiter(library: NativeLibrary, stream: number): StreamWaiter;
  /**
   * Makes a buffer for a packet, which nothing else has a part in, and which can be transferred. Its content may be
   * anything: where the runtime has a way, it is not zeroed, because it will be overwritten.
   */
  allocate(byteLength: number): ArrayBuffer;
  /** From now on buffers are detached and used again many times: tells the garbage collector that this makes no garbage. */
  expectReuse(): void;
  /**
   * Calls `run`, which must not throw, when the thread's program ends: by itself, by `process.exit` or by an uncaught
   * error; at the latest moment at which JavaScript still runs. No runtime runs any where a signal ends the process.
   */
  atExit(run: () => void): void;
}
