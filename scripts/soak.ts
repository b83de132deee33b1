/**
 * `deno task soak`: the virtual camera at full rate with something going wrong all the time, under one of the runtimes,
 * and an account of every byte at the end. Its options: `deno task soak -- --help`. Status 1 where the account does not
 * add up, or where nothing happens any more; the seed that is printed repeats it.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { withoutSeparator } from "./arguments.ts";
import { say } from "./progress.ts";
import { projectDirectory } from "./project.ts";
import { setUpForTests } from "./setup.ts";

/** A soak prints a line every few seconds; one that is silent so long hangs. */
const silenceMs = 180_000;

const child = join(projectDirectory, "tests", "soak", "main.ts");

async function commandOf(runtime: string): Promise<readonly string[]> {
  const { bun, node } = await setUpForTests();
  switch (runtime) {
    case "deno":
      return [Deno.execPath(), "run", "--allow-all", "--quiet", child];
    case "bun":
      return [bun, child];
    case "node":
      return [node, "--disable-warning=ExperimentalWarning", child];
  }
  throw new RangeError(`--runtime must be deno, bun or node, not ${runtime}`);
}

/** Runs it, and returns its exit status. */
async function run(parameters: readonly string[]): Promise<number> {
  const position = parameters.indexOf("--runtime");
  const runtime = position < 0 ? "deno" : parameters[position + 1] ?? "";
  const [program, ...rest] = await commandOf(runtime);
  const soak = spawn(program!, [...rest, ...parameters], { stdio: ["ignore", "pipe", "inherit"] });
  return await new Promise((resolve, reject) => {
    const onSilence = (): void => {
      say(`soak: nothing was printed for ${silenceMs / 1e3} s: it hangs`);
      soak.kill("SIGKILL");
    };
    let timer = setTimeout(onSilence, silenceMs);
    soak.stdout.on("data", (text: Uint8Array) => {
      clearTimeout(timer);
      timer = setTimeout(onSilence, silenceMs);
      process.stdout.write(text);
    });
    soak.on("error", reject);
    soak.on("close", (status) => {
      clearTimeout(timer);
      resolve(status ?? 1);
    });
  });
}

try {
  process.exitCode = await run(withoutSeparator(process.argv.slice(2)));
} catch (error) {
  say(`soak: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
