/** The library as WebAssembly, behind the symbols of the native one. */

import { abiVersion } from "../../../ffi/abi.ts";
import { nativeSymbols } from "../../../ffi/symbols.ts";
import { NeuromorphicError } from "../../errors.ts";
import type { Library, PortableSymbol } from "../../native/library.ts";
import { checkStatus } from "../../native/status_error.ts";
import { CallRoom, marshal, type ModuleFunction } from "./calls.ts";
import { type Flow, flows } from "./flows.ts";
import { type MemoryExports, ModuleMemory } from "./module_memory.ts";

/**
 * A USB transfer. More bytes go by several calls: each call copies what it is given, also where the packet is full long
 * before its end.
 */
const longestInput = 1 << 17;

/** The most bytes of a call of a decoder beside its input: blocks, a snapshot. */
const otherArguments = 1 << 14;

/**
 * Makes a library of a module: one instance, with memory of its own.
 *
 * @throws {NeuromorphicError} "native-library" where the module is another one or of another version.
 */
export async function createLibrary(module: WebAssembly.Module): Promise<Library> {
  const functions = functionsOf(await WebAssembly.instantiate(module));
  const memory = new ModuleMemory(functions);
  return {
    ...libraryOf(functions, new CallRoom(memory)),
    stage: (byteLength) => memory.stage(byteLength),
    separate: () => separateLibrary(module),
  };
}

/** Undefined where the engine makes no more instances: each takes gigabytes of addresses. */
function separateLibrary(module: WebAssembly.Module): Library | undefined {
  try {
    const functions = functionsOf(new WebAssembly.Instance(module));
    const memory = new ModuleMemory(functions);
    const room = new CallRoom(memory);
    room.of(longestInput + otherArguments); // now, and not while a packet is a view of the memory
    return { ...libraryOf(functions, room), stage: (byteLength) => memory.lend(byteLength), lends: true };
  } catch {
    return undefined;
  }
}

type Functions = MemoryExports & Readonly<Record<PortableSymbol, ModuleFunction>>;

function functionsOf({ exports }: WebAssembly.Instance): Functions {
  const functions = exports as unknown as Functions;
  checkVersion(functions.nd_abi_version?.());
  return functions;
}

function libraryOf(functions: Functions, room: CallRoom): Library {
  const symbols = Object.fromEntries(
    (Object.keys(flows) as PortableSymbol[]).map((name) => [name, marshal(functions[name], flowsOf(name), room)]),
  );
  return {
    symbols: symbols as unknown as Library["symbols"],
    check: checkStatus,
    allocate: (byteLength) => new ArrayBuffer(byteLength),
    expectReuse() {},
    longestInput,
  };
}

/** The flow of each parameter; undefined for numbers. */
function flowsOf(name: PortableSymbol): readonly (Flow | undefined)[] {
  const ofBuffers = flows[name].values();
  return nativeSymbols[name].parameters.map((type) => type === "buffer" ? ofBuffers.next().value : undefined);
}

function checkVersion(version: number | undefined): void {
  if (version === abiVersion) return;
  const found = version === undefined ? "is another module" : `has interface version ${version}`;
  throw new NeuromorphicError(
    "native-library",
    `the WebAssembly ${found}, and interface version ${abiVersion} is needed: take the files of this package's version`,
    { operation: "load library" },
  );
}
