/** Runs other programs for the scripts. */

import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { constants as osConstants } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { say } from "./progress.ts";
import { type HangLimits, readActivity, watch } from "./watchdog.ts";

/** How to run a command. */
export interface CommandOptions {
  readonly directory?: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Also show the output while it comes. */
  readonly show?: boolean;
  /** Kill the command and its children when it hangs; asked each second. Without it, a command may take any time. */
  readonly limits?: () => HangLimits;
}

/** What became of a command. */
export interface CommandResult {
  /**
   * Its exit status. As shells have it: 127 where it could not be started, 128 plus the signal's number where one ended
   * it; and 124 where it was killed from here.
   */
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
  const { directory, environment, show = false, limits } = options;
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
      ...(directory === undefined ? {} : { cwd: directory }),
      // npm and pip are .cmd files on Windows, which only the shell can start.
      shell: process.platform === "win32" && /^(npm|pip)/.test(command),
    });
    let output = "";
    let killed: string | undefined;
    const kill = (why: string) => {
      killed = `\n${command} was killed: ${why}\n`;
      killTree(child.pid!);
      // A child that another process has adopted may live on and hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const endWatch = limits === undefined || child.pid === undefined
      ? undefined
      : watch(command, child.pid, limits, kill);
    const end = (result: CommandResult) => {
      endWatch?.();
      resolve(result);
    };
    child.stdout.on("data", (chunk: Uint8Array) => {
      output += chunk.toString();
      if (show) process.stdout.write(chunk);
    });
    child.stderr.on("data", (chunk: Uint8Array) => {
      output += chunk.toString();
      if (show) process.stderr.write(chunk);
    });
    child.on("error", (error) => end({ exitStatus: 127, output: `${command}: ${error.message}\n` }));
    child.on("close", (code, signalName) => {
      if (killed === undefined) end({ exitStatus: code ?? 128 + osConstants.signals[signalName!], output });
      else end({ exitStatus: 124, output: output + killed });
    });
  });
}

function killTree(pid: number): void {
  for (const each of readActivity(pid)?.pids ?? [pid]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** How to run a command that may be run again. */
export interface PatientOptions extends CommandOptions {
  /** Whether a failure stays one however often the command runs, by its output. */
  readonly isFinal?: (output: string) => boolean;
}

/** Waits before the second, the third and the fourth attempt. */
const patienceMs = [2000, 8000, 20_000];

/**
 * Runs a command that depends on a network, a mirror or another process's lock again where it fails: after a while
 * most such failures are over. Returns the last result.
 */
export async function runPatiently(
  command: string,
  parameters: readonly string[],
  options: PatientOptions = {},
  waitsMs: readonly number[] = patienceMs,
): Promise<CommandResult> {
  let result = await runCommand(command, parameters, options);
  for (const waitMs of waitsMs) {
    if (result.exitStatus === 0 || result.exitStatus === 127 || options.isFinal?.(result.output)) break;
    say(`${command} ${parameters.join(" ")}: failed, once more in ${waitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    result = await runCommand(command, parameters, options);
  }
  return result;
}

/** Runs a command that must succeed; the error carries its output. */
export async function runOrThrow(
  command: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return outputOrThrow(command, parameters, await runCommand(command, parameters, options), options.show);
}

/** {@link runPatiently}, and the error carries the output of the last attempt. */
export async function runPatientlyOrThrow(
  command: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return outputOrThrow(command, parameters, await runPatiently(command, parameters, options), options.show);
}

function outputOrThrow(
  command: string,
  parameters: readonly string[],
  { exitStatus, output }: CommandResult,
  shown = false,
): string {
  if (exitStatus === 0) return output;
  const said = shown ? "" : `:\n${output.trimEnd()}`;
  throw new Error(`\`${command} ${parameters.join(" ")}\` failed with status ${exitStatus}${said}`);
}

/** A command that comes last in the system's order, so that nothing in the foreground waits for it. */
export function inBackground(command: string, parameters: readonly string[]): readonly [string, ...string[]] {
  const nice = findOnPath("nice");
  return nice === undefined ? [command, ...parameters] : [nice, "-n", "19", command, ...parameters];
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
