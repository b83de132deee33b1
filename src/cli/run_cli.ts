/** From arguments to an exit status. */

import process from "node:process";
import { NeuromorphicError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { version } from "../version.ts";
import type { Command, CommandStream, Run, World } from "./command.ts";
import { convertCommand, cutCommand } from "./convert.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { infoCommand } from "./info.ts";
import { installUdevRulesCommand } from "./install_udev_rules.ts";
import { Interrupted } from "./interruption.ts";
import { listCommand } from "./list.ts";
import { Output } from "./output.ts";
import { playCommand } from "./play.ts";
import { recordCommand } from "./record.ts";
import { verifyCommand } from "./verify.ts";
import { viewCommand } from "./view.ts";
import { virtualCameraCommand } from "./virtual_camera.ts";

/** The program's name in help and messages. */
const program = "neuromorphic-drivers";

/** All commands, in the order of the help. The first one runs where none is named. */
export const commands: readonly Command[] = [
  demoCommand,
  viewCommand,
  listCommand,
  doctorCommand,
  installUdevRulesCommand,
  virtualCameraCommand,
  recordCommand,
  infoCommand,
  verifyCommand,
  convertCommand,
  cutCommand,
  playCommand,
];

/** What a program may give to {@link runCli}; all of it is the process's own by default. */
export interface CliOptions {
  readonly stdout?: CommandStream;
  readonly stderr?: CommandStream;
  /** The folder that relative paths are meant from; the working directory by default. */
  readonly folder?: string;
  /** Gets what native code needs; a failure is told as the command's own. */
  readonly prepare?: () => Promise<void>;
}

/**
 * Runs the command that the arguments name, and returns the exit status: that of the command, 1 where it failed, 2 for
 * wrong arguments. A failure that has a name is one message on standard error; anything else is a bug, and thrown.
 */
export async function runCli(parameters: readonly string[], options: CliOptions = {}): Promise<number> {
  const { stdout = process.stdout, stderr = process.stderr, folder = ".", prepare } = options;
  const world: World = { output: new Output(stdout), errors: new Output(stderr), stdout, stderr, folder };
  const { output, errors } = world;
  const exitStatus = await runNamed(parameters, world, prepare);
  if (output.error === undefined || output.isUnread) return exitStatus;
  errors.print(`${program}: standard output: ${output.error.message}`);
  return 1;
}

async function runNamed(parameters: readonly string[], world: World, prepare: CliOptions["prepare"]): Promise<number> {
  const [first = "", ...rest] = parameters;
  const text = { "--help": overview, "-h": overview, "--version": () => version, "-V": () => version }[first];
  if (text !== undefined) {
    world.output.print(text());
    return 0;
  }
  const isNamed = first !== "" && !first.startsWith("-");
  const command = isNamed ? commands.find(({ name }) => name === first) : commands[0];
  if (command === undefined) {
    world.errors.print(`${program}: ${unknownCommand(first)}`);
    return 2;
  }
  return await runCommand(command, isNamed ? rest : parameters, world, prepare);
}

async function runCommand(
  command: Command,
  parameters: readonly string[],
  world: World,
  prepare: CliOptions["prepare"],
): Promise<number> {
  const { name, help, needsNativeCode } = command;
  if (parameters.includes("--help") || parameters.includes("-h")) {
    world.output.print(`${program} ${name}\n\n${help}`);
    return 0;
  }
  let run: Run;
  try {
    run = command.parse(parameters);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    world.errors.print(`${name}: ${error.message} (${name} --help shows the options)`);
    return 2;
  }
  try {
    if (needsNativeCode) await prepare?.();
    return await run(world);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitStatus;
    if (!isFailure(error)) throw error;
    // A recording that was written to a reader that has ended.
    if (world.output.isUnread) return 0;
    world.errors.print(`${name}: ${error.message}`);
    return 1;
  }
}

/** Whether an error is no bug: a failure of the library, or something that Deno's flags do not permit. */
function isFailure(error: unknown): error is Error {
  return error instanceof NeuromorphicError || (error instanceof Error && error.name === "NotCapable");
}

function unknownCommand(name: string): string {
  const known = commands.map(({ name }) => name);
  const meant = nearest(name, known);
  const help = meant === undefined ? `; there are ${known.join(", ")}` : `; did you mean "${meant}"?`;
  return `no command ${JSON.stringify(name)}${help} (--help tells more)`;
}

/** The text of `--help`. */
function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Event cameras on the command line, version ${version}.

  ${program} [COMMAND] [OPTIONS]

${lines.join("\n")}

Without a command it is ${commands[0]!.name}. COMMAND --help shows a command's options;
--version prints the version.

Exit status: 0 for success, 1 for a failure, 2 for wrong arguments;
each command's help says what its success is.`;
}
