import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Decoding } from "./decoding.ts";
import type { Program } from "./programs.ts";

/** How long a decoder may take for one file. */
const limitMs = 120_000;

/** How long a program may take to end. */
const endMs = 10_000;

/** A running program that decodes files, one after the other. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor({ command, environment }: Program) {
    const [program, ...parameters] = command;
    const stdio = ["pipe", "pipe", "ignore"] as const;
    this.#process = spawn(program!, parameters, { stdio: [...stdio], env: { ...Deno.env.toObject(), ...environment } });
    this.#process.on("error", () => {}); // the end of its output tells
    this.#ended = new Promise((resolve) => this.#process.once("close", resolve));
    this.#process.stdin!.on("error", () => {});
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Undefined where the program fails, as another project's may. */
  async decode(path: string): Promise<Decoding | undefined> {
    this.#process.stdin!.write(`${path}\n`);
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), limitMs);
    const { value } = await this.#lines.next();
    clearTimeout(timer);
    return value === undefined ? undefined : JSON.parse(value);
  }

  /** Resolves when the program has ended: at the end of its input, so that it can end a browser, or else by force. */
  async close(): Promise<void> {
    this.#process.stdin!.end();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), endMs);
    await this.#ended;
    clearTimeout(timer);
  }
}
