import { test as nodeTest } from "node:test";
import { detectRuntime } from "../../ffi/load.ts";
import type { Runtime } from "../../ffi/adapter.ts";

/** The runtime that the tests run in. */
export const runtime: Runtime = detectRuntime();

/** When a test is left out, and why, and how long it may take. */
export interface TestOptions {
  /** Why this machine or runtime cannot run the test; undefined where it can. */
  readonly skip?: string | undefined;
  /** In ms. Without it, Bun gives a test 5 s. */
  readonly timeout?: number;
}

/**
 * For a test that takes longer than the 5 s that Bun gives it. No test has a limit of its own, for a busy machine would
 * break it; what hangs is ended with its suite (`scripts/watchdog.ts`).
 */
export const slow = { timeout: 3_600_000 } as const;

/** `test` of node:test, whose reason for a skip stands in the name too: not every runner shows it. */
export function test(name: string, options: TestOptions, run: () => void | Promise<void>): void {
  const { skip, ...limits } = options;
  if (skip === undefined) nodeTest(name, limits, run);
  else nodeTest(`${name} (skipped: ${skip})`, { skip }, run);
}
