import process from "node:process";
import { NeuromorphicError } from "../src/errors.ts";
import type { Adapter, Runtime } from "./adapter.ts";

/** The oldest major version of Node that the package is tested with. */
export const oldestNode = 20;

/** The runtime that this code runs in. */
export function detectRuntime(): Runtime {
  if ("Deno" in globalThis) return "deno";
  return "bun" in process.versions ? "bun" : "node";
}

/**
 * Makes the adapter of this runtime; the other runtimes' files are not even loaded.
 *
 * @throws {LoadFailure} on Node without koffi.
 * @throws {NeuromorphicError} "unsupported" on a Node that is too old.
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
      checkNode(process.versions.node);
      return import("./node.ts");
  }
}

/** Throws an error that says what to do, where a version of Node is too old. */
export function checkNode(version: string): void {
  if (parseInt(version) >= oldestNode) return;
  throw new NeuromorphicError(
    "unsupported",
    `this is Node ${version}, and ${oldestNode} or newer is needed: install a newer one from https://nodejs.org`,
    { operation: "load" },
  );
}
