/**
 * Node: koffi, the only runtime dependency. Waiting reads a pipe with a socket, which needs no pool thread (koffi's
 * asynchronous calls would take one of libuv's four).
 */

import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import process from "node:process";
import { explainLoadFailure, LoadFailure } from "./load_failure.ts";
import type { Adapter, NativeFunctions, NativeLibrary, OpenLibrary, StreamWaiter } from "./adapter.ts";
import { createPipeWaiter } from "./pipe_waiter.ts";
import { programPlace } from "./program.ts";
import { SocketPipe } from "./socket_pipe.ts";
import type { NativeSymbol, NativeType, SymbolTable } from "./symbols.ts";

type AnyFunction = (...values: unknown[]) => unknown;

/** What is used of koffi. */
interface Koffi {
  load(path: string): { func(name: string, result: string, parameters: string[]): AnyFunction };
}

const koffiTypes = {
  u8: "uint8_t",
  u16: "uint16_t",
  u32: "uint32_t",
  i32: "int32_t",
  address: "uint64_t",
  buffer: "void *",
  void: "void",
} as const satisfies Record<NativeType, string>;

/** Makes the adapter. */
export function createAdapter(): Adapter {
  const koffi = requireKoffi();

  function openLibrary<const Table extends SymbolTable>(path: string, table: Table): OpenLibrary<Table> {
    try {
      const library = koffi.load(path);
      const symbols = Object.entries(table).map(([name, symbol]) => [name, translate(library, name, symbol)] as const);
      return { path, symbols: Object.fromEntries(symbols) as NativeFunctions<Table> };
    } catch (error) {
      throw explainLoadFailure(path, error);
    }
  }

  return { runtime: "node", openLibrary, createWaiter, allocate, expectReuse, atExit };
}

function createWaiter(library: NativeLibrary, stream: number): StreamWaiter {
  return createPipeWaiter(library, stream, {
    sockets: false,
    open: (fileDescriptor, onWake) => new SocketPipe(fileDescriptor, onWake),
  });
}

function allocate(byteLength: number): ArrayBuffer {
  // Not from Node's pool, which `allocUnsafe` takes small buffers from: that is shared and cannot be transferred.
  return Buffer.allocUnsafeSlow(byteLength).buffer;
}

function expectReuse(): void {}

function atExit(run: () => void): void {
  process.on("exit", run);
}

function translate(
  library: ReturnType<Koffi["load"]>,
  name: string,
  { parameters, result }: NativeSymbol,
): AnyFunction {
  const call = library.func(name, koffiTypes[result], parameters.map((type) => koffiTypes[type]));
  // koffi gives a number where a 64-bit value is small enough to be one.
  return result === "address" ? (...values) => BigInt(call(...values) as number | bigint) : call;
}

function requireKoffi(): Koffi {
  try {
    // Not by `import`: Deno, bundlers and `deno publish` would fetch a package that only Node needs.
    return createRequire(programPlace())("koffi") as Koffi;
  } catch (error) {
    throw new LoadFailure("koffi", "missing", (error as Error).message, error);
  }
}
