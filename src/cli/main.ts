#!/usr/bin/env node
/**
 * The command line: a demo, a list of cameras, a doctor for those that do not work, and more.
 *
 * ```sh
 * deno run --allow-all jsr:@neuromorphic/drivers/cli --help
 * ```
 *
 * @module
 */

import { realpathSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runCli } from "./run_cli.ts";

/**
 * Whether this module is the program, and not imported by one. Node has `import.meta.main` from 24.2 on. An older one
 * knows the path that it was started with, which may be a symbolic link that npm has made of `bin`.
 */
function isProgram(): boolean {
  if (import.meta.main !== undefined) return import.meta.main;
  const [, path] = process.argv;
  return path !== undefined && realpathSync(path) === realpathSync(fileURLToPath(import.meta.url));
}

// No top-level await: `require()` cannot load a module that has one.
if (isProgram()) void runCli(process.argv.slice(2)).then((exitStatus) => process.exitCode = exitStatus);
