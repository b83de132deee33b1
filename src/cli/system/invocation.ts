/** How this program was started, so that a message can tell a line to type. */

import { basename } from "node:path";
import process from "node:process";
import { detectRuntime, isClone } from "../../native/program.ts";
import { version } from "../../version.ts";

/** How a program was started. */
export interface Started {
  /** The runtime's path. */
  readonly runtimePath: string;
  /** The path of the program, as the runtime was given it. */
  readonly programPath: string;
  readonly isDeno: boolean;
  /** Whether this code runs from a clone of the repository. */
  readonly isClone: boolean;
  /** The URL of a module of this code. */
  readonly moduleUrl: string;
}

function startedHere(): Started {
  const { execPath, argv } = process;
  return {
    runtimePath: execPath,
    programPath: argv[1] ?? "",
    isDeno: detectRuntime() === "deno",
    isClone,
    moduleUrl: import.meta.url,
  };
}

/**
 * What to type into a shell to start this program again, whether npx, bunx or Deno has fetched it. Paths are complete,
 * because this shell may know another runtime by the same name, or none.
 */
export function invocation(started: Started = startedHere()): string {
  const { runtimePath, programPath, isDeno } = started;
  if (isDeno) return [runtimePath, "run", "--allow-all", denoSpecifier(started)].map(shellWord).join(" ");
  // What npm and Bun make of `bin`: a link or a script that starts the runtime by itself.
  if (basename(programPath) === "neuromorphic-drivers") return shellWord(programPath);
  return [runtimePath, programPath].map(shellWord).join(" ");
}

function denoSpecifier({ programPath, isClone, moduleUrl }: Started): string {
  if (isClone) return programPath;
  return moduleUrl.startsWith("file:")
    ? `npm:neuromorphic-drivers@${version}`
    : `jsr:@neuromorphic/drivers@${version}/cli`;
}

/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
