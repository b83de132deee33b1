/** What a command is, and what it is given. */

import type { Terminal } from "./live_view.ts";
import type { Output, OutputStream } from "./output.ts";

/** What commands write to; `process.stdout` is one. */
export type CommandStream = Terminal & OutputStream & { readonly isTTY?: boolean };

/** What a command works with. Tests make their own. */
export interface World {
  /** The result. */
  readonly output: Output;
  /** What went wrong, and what to do about it. */
  readonly errors: Output;
  /** The stream of `output`, for a picture where it is a terminal. */
  readonly stdout: CommandStream;
  /** The stream of `errors`, for a bar that shows how far something is. */
  readonly stderr: CommandStream;
  /** The folder that relative paths are meant from. */
  readonly folder: string;
}

/** Does what the arguments say, and returns the exit status. Throws a `NeuromorphicError` where that fails. */
export type Run = (world: World) => Promise<number>;

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** The text of `--help`, at most 80 columns wide. */
  readonly help: string;
  /** Whether it calls native code, which a clone may have to build first. */
  readonly needsNativeCode: boolean;
  /** Reads the arguments behind the command's name. Throws a `TypeError` or a `RangeError` that says what is wrong. */
  parse(parameters: readonly string[]): Run;
}
