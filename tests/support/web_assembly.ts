/**
 * The library as WebAssembly for tests. Loaded before a file of tests (`deno test --preload`, `bun test --preload`,
 * `node --import`), it makes that file's tests run over WebAssembly instead of the native library.
 */

import { readFileSync } from "node:fs";
import process from "node:process";
// First, or else it would provide the native library afterwards.
import "../../src/native/native.ts";
import { useWebAssembly } from "../../src/web/wasm/load.ts";

/** The modules that `zig build` makes: with vectors, and without. */
export type ModuleName = "neuromorphic_drivers" | "neuromorphic_drivers_scalar";

/** The bytes of a module. */
export function moduleBytes(name: ModuleName): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../zig/zig-out/wasm/${name}.wasm`, import.meta.url)));
}

/** `NEUROMORPHIC_DRIVERS_TEST_MODULE=neuromorphic_drivers_scalar` chooses the other one. */
const name = process.env["NEUROMORPHIC_DRIVERS_TEST_MODULE"] || "neuromorphic_drivers";
useWebAssembly(moduleBytes(name as ModuleName));
