/** Reads the options of commands; what is wrong is told alike under each runtime. */

import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { nearest } from "../nearest.ts";

/** The values of options. */
export type OptionValues<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Options }>
>["values"];

/** Throws a `TypeError` for an option or a word that is not known, and for a value that is missing or too much. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  parameters: readonly string[],
  options: Options,
): OptionValues<Options> {
  return readOptionsAndFiles(parameters, options, []).values;
}

/**
 * Reads options, and the files that are named beside them, such as `["A", "B"]` for a source and a target. Throws a
 * `TypeError` for what {@link readOptions} does, and for a file that is missing or too much.
 */
export function readOptionsAndFiles<
  const Options extends ParseArgsOptionsConfig,
  const Names extends readonly string[],
>(
  parameters: readonly string[],
  options: Options,
  names: Names,
): { readonly values: OptionValues<Options>; readonly files: { readonly [Index in keyof Names]: string } } {
  const { values, files } = readWords(parameters, options, names.length);
  if (files.length < names.length) throw new TypeError(`${names[files.length]} is missing`);
  return { values, files: files as { [Index in keyof Names]: string } };
}

/** Reads options, and the one file that may be named beside them. Throws as {@link readOptions} does. */
export function readOptionsAndOptionalFile<const Options extends ParseArgsOptionsConfig>(
  parameters: readonly string[],
  options: Options,
): { readonly values: OptionValues<Options>; readonly file: string | undefined } {
  const { values, files: [file] } = readWords(parameters, options, 1);
  return { values, file };
}

function readWords<const Options extends ParseArgsOptionsConfig>(
  parameters: readonly string[],
  options: Options,
  mostFiles: number,
): { readonly values: OptionValues<Options>; readonly files: readonly string[] } {
  const args = [...parameters];
  const { tokens, values } = parseArgs({ args, options, strict: false, tokens: true, allowPositionals: true });
  const files: string[] = [];
  for (const token of tokens) {
    if (token.kind === "option") checkOption(token, options);
    if (token.kind !== "positional") continue;
    if (files.length === mostFiles) throw new TypeError(`unexpected ${JSON.stringify(token.value)}`);
    files.push(token.value);
  }
  return { values: values as OptionValues<Options>, files };
}

interface Given {
  readonly name: string;
  /** As it was written, for example `"-h"`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkOption({ name, rawName, value, inlineValue }: Given, options: ParseArgsOptionsConfig): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) throw unknownOption(rawName, Object.keys(options));
  if (option.type === "boolean") {
    if (value !== undefined) throw new TypeError(`${rawName} takes no value`);
    return;
  }
  // In `--serial --virtual` a value was forgotten; `--seconds -1` is a value that is wrong.
  const isOption = inlineValue === false && /^-{1,2}[a-z]/i.test(value ?? "");
  if (value === undefined || isOption) throw new TypeError(`${rawName} needs a value`);
}

function unknownOption(rawName: string, known: readonly string[]): TypeError {
  const meant = rawName.startsWith("--") ? nearest(rawName, known) : undefined;
  return new TypeError(`unknown option ${rawName}${meant === undefined ? "" : `; did you mean --${meant}?`}`);
}
