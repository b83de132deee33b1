import { readFileSync } from "node:fs";

/** The modules that `zig build` makes: with vectors, and without. */
export const moduleNames = ["neuromorphic_drivers", "neuromorphic_drivers_scalar"] as const;

/** One of them. */
export type ModuleName = (typeof moduleNames)[number];

/** The environment variable with the name of the module that tests run over; without it, they run natively. */
export const moduleVariable = "NEUROMORPHIC_DRIVERS_TEST_MODULE";

/** The bytes of a module. */
export function moduleBytes(name: ModuleName): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../zig/zig-out/wasm/${name}.wasm`, import.meta.url)));
}
