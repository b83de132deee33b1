/** Arguments as `deno task` hands them on. */

/**
 * Drops a leading `--`. npm users write `npx deno task demo -- --seconds 5`, and Deno hands the `--` on; left in
 * place, it would make options into mere words.
 */
export function withoutSeparator(parameters: readonly string[]): string[] {
  return parameters[0] === "--" ? parameters.slice(1) : [...parameters];
}
