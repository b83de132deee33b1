/** Arguments as `deno task` hands them on. */

import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { say } from "./progress.ts";

/**
 * Drops a leading `--`. npm users write `npx deno task demo -- --seconds 5`, and Deno hands the `--` on; left in
 * place, it would make options into mere words.
 */
export function withoutSeparator(parameters: readonly string[]): string[] {
  return parameters[0] === "--" ? parameters.slice(1) : [...parameters];
}

/** The values of a script's options. */
type Values<Options extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: Options }>>["values"];

/**
 * Reads the options that a script was started with. `--help` prints the comment at the top of the script and ends it; so
 * does an option that it does not have, with a line that says which.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  { url }: { readonly url: string },
  options: Options,
): Values<Options> {
  if (process.argv.includes("--help")) {
    console.log(topComment(readFileSync(new URL(url), "utf8")));
    process.exit(0);
  }
  try {
    return parseArgs({ args: withoutSeparator(process.argv.slice(2)), options }).values as Values<Options>;
  } catch (error) {
    say(`${(error as Error).message} (--help lists the options)`);
    process.exit(2);
  }
}

/** What the comment at the top of a TypeScript file says. */
export function topComment(source: string): string {
  const lines = source.slice(0, source.indexOf("*/")).split("\n").slice(1);
  return lines.map((line) => line.replace(/^ \*? ?/, "")).join("\n").trimEnd();
}
