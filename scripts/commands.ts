/** Runs other programs for the scripts. */

import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** How to run a command. */
export interface CommandOptions {
  readonly directory?: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Also show the output while it comes. */
  readonly show?: boolean;
  /** Kill the command after this time: something hangs. */
  readonly timeoutMs?: number;
}

/** What became of a command. */
export interface CommandResult {
  /** Its exit status; 127 where it could not be started, and 124 where it was killed after `timeoutMs`. */
  readonly exitStatus: number;
  /** Standard output and standard error; how they interleave is left to chance. */
  readonly output: string;
}

/** Runs a command to its end, without standard input. Never throws: a failure is a status and an output. */
export function runCommand(
  command: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { directory, environment, show = false, timeoutMs = 0 } = options;
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
      ...(directory === undefined ? {} : { cwd: directory }),
      // npm and pip are .cmd files on Windows, which only the shell can start.
      shell: process.platform === "win32" && /^(npm|pip)/.test(command),
    });
    let output = "";
    let timedOut = false;
    const timer = timeoutMs === 0 ? undefined : setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdout.on("data", (chunk: Uint8Array) => {
      output += chunk.toString();
      if (show) process.stdout.write(chunk);
    });
    child.stderr.on("data", (chunk: Uint8Array) => {
      output += chunk.toString();
      if (show) process.stderr.write(chunk);
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ exitStatus: 127, output: `${command}: ${error.message}\n` });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (timedOut) output += `\n${command} was killed: it did not end within ${timeoutMs / 1000} s\n`;
      resolve({ exitStatus: timedOut ? 124 : code ?? 1, output });
    });
  });
}

/** Runs a command that must succeed; the error carries its output. */
export async function runOrThrow(
  command: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { exitStatus, output } = await runCommand(command, parameters, options);
  if (exitStatus === 0) return output;
  const said = options.show === true ? "" : `:\n${output.trimEnd()}`;
  throw new Error(`\`${command} ${parameters.join(" ")}\` failed with status ${exitStatus}${said}`);
}

/** The path of an executable file on PATH. */
export function findOnPath(name: string): string | undefined {
  return (process.env.PATH ?? "").split(delimiter)
    .map((directory) => join(directory, name))
    .find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
