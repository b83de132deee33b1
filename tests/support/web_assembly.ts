/**
 * Loaded before a file of tests (`deno test --preload`, `bun test --preload`, `node --import`), it makes that file's tests
 * run over WebAssembly instead of the native library. `NEUROMORPHIC_DRIVERS_TEST_MODULE=neuromorphic_drivers_scalar`
 * chooses the module without vectors.
 */

import process from "node:process";
// First, or else it would provide the native library afterwards.
import "../../src/native/native.ts";
import { useWebAssembly } from "../../src/web/wasm/load.ts";
import { moduleBytes, type ModuleName, moduleVariable } from "./web_assembly_modules.ts";

const name = process.env[moduleVariable] ||= "neuromorphic_drivers";
useWebAssembly(moduleBytes(name as ModuleName));
