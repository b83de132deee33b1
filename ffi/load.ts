import process from "node:process";
import type { Adapter, Runtime } from "./adapter.ts";

/** The runtime that this code runs in. */
export function detectRuntime(): Runtime {
  if ("Deno" in globalThis) return "deno";
  return "bun" in process.versions ? "bun" : "node";
}

/**
 * Makes the adapter of this runtime; the other runtimes' files are not even loaded.
 *
 * @throws {LoadFailure} on Node without koffi.
 */
export async function loadAdapter(): Promise<Adapter> {
  const { createAdapter } = await importAdapter(detectRuntime());
  return createAdapter();
}

function importAdapter(runtime: Runtime): Promise<{ createAdapter(): Adapter }> {
  switch (runtime) {
    case "deno":
      return import("./deno.ts");
    case "bun":
      return import("./bun.ts");
    case "node":
      return import("./node.ts");
  }
}
