import { EventEmitter } from "node:events";
import process from "node:process";
import type { CommandStream, World } from "../../../src/cli/command.ts";
import { Output } from "../../../src/cli/output.ts";

/** A stream that keeps what is written, or a terminal. */
export class FakeStream extends EventEmitter implements CommandStream {
  readonly writableNeedDrain = false;
  readonly isTTY: boolean;
  /** All that was written to it, and to the streams that share it. */
  readonly all: string[];
  text = "";

  constructor(isTTY = false, all: string[] = []) {
    super();
    this.isTTY = isTTY;
    this.all = all;
  }

  write(text: string): void {
    this.text += text;
    this.all.push(text);
  }
}

/** What a command was given, and what it wrote. */
export interface FakeWorld extends World {
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  /** What was written to both streams, in its order. */
  text(): string;
}

/** Streams of a command's own. */
export function makeWorld(options: { readonly isTTY?: boolean; readonly folder?: string } = {}): FakeWorld {
  const { isTTY = false, folder = process.cwd() } = options;
  const stdout = new FakeStream(isTTY);
  const stderr = new FakeStream(isTTY, stdout.all);
  return {
    stdout,
    stderr,
    output: new Output(stdout),
    errors: new Output(stderr),
    folder,
    text: () => stdout.all.join(""),
  };
}
