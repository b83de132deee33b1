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

/**
 * Makes a library of a module: one instance, with memory of its own.
 *
 * @throws {NeuromorphicError} "native-library" where the module is another one or of another version.
 */
export async function createLibrary(module: WebAssembly.Module): Promise<Library> {
  const { exports } = await WebAssembly.instantiate(module);
  const functions = exports as unknown as MemoryExports & Readonly<Record<PortableSymbol, ModuleFunction>>;
  checkVersion(functions.nd_abi_version?.());
  const memory = new ModuleMemory(functions);
  const room = new CallRoom(memory);
  const symbols = Object.fromEntries(
    (Object.keys(flows) as PortableSymbol[]).map((name) => [name, marshal(functions[name], flowsOf(name), room)]),
  );
  return {
    symbols: symbols as unknown as Library["symbols"],
    check: checkStatus,
    allocate: (byteLength) => new ArrayBuffer(byteLength),
    expectReuse() {},
    stage: (byteLength) => memory.stage(byteLength),
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
