/**
 * Bias files of Prophesee's Metavision, as text: the grammar, which all sensors share. Names and ranges are the sensor's.
 *
 * ```text
 * % type: a header, which programs may leave out
 * 15   % bias_diff_on
 * -0x5 % bias_diff_off
 * ```
 *
 * Source: OpenEB 5.1.1 (`i_ll_biases.cpp`), whose reader this one follows, but for numbers: it takes "12.7" for 12.
 */

import { nearest } from "../../nearest.ts";

/** A bias of a file. */
export interface BiasEntry<Name extends string> {
  readonly name: Name;
  readonly value: number;
  /** Where it stands, for messages: `"bias file, line 3: bias_fo"`. */
  readonly place: string;
}

/** What a sensor's biases are called in files, and in its configuration: `{ bias_diff_on: "diffOn" }`. */
export type BiasFileNames<Name extends string> = Readonly<Record<string, Name>>;

/**
 * The biases that a text names, each once, in its order. As in OpenEB, an empty line ends the reading.
 *
 * Throws a `SyntaxError` for a line that is none of a bias, for two values of one name, and for a text without a bias; a
 * `TypeError` for a name that is not the sensor's.
 */
export function parseBiasLines<Name extends string>(text: string, names: BiasFileNames<Name>): BiasEntry<Name>[] {
  const entries = new Map<string, BiasEntry<Name>>();
  let isHeader = true;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    isHeader &&= line.startsWith("%");
    if (isHeader) continue;
    if (line.trim() === "") break;
    const place = `bias file, line ${index + 1}`;
    const { fileName, value } = parseLine(line, place);
    const before = entries.get(fileName);
    if (before !== undefined && before.value !== value) {
      throw new SyntaxError(`${place}: ${fileName} must have one value, not ${before.value} and ${value}`);
    }
    if (!Object.hasOwn(names, fileName)) throw unknownName(place, fileName, Object.keys(names));
    if (before === undefined) entries.set(fileName, { name: names[fileName]!, value, place: `${place}: ${fileName}` });
  }
  if (entries.size === 0) throw new SyntaxError("bias file: no line names a bias, for example: 15 % bias_diff_on");
  return [...entries.values()];
}

/** The lines of biases by their names in files, in alphabetical order: `15   % bias_diff_on`. */
export function formatBiasLines(values: ReadonlyMap<string, number>): string {
  const names = [...values.keys()].sort();
  return names.map((name) => `${String(values.get(name)).padEnd(5)}% ${name}\n`).join("");
}

/** Value, separator, name; the rest of the line says nothing. */
function parseLine(line: string, place: string): { readonly fileName: string; readonly value: number } {
  const [value, , fileName] = line.trim().split(/\s+/);
  if (fileName === undefined) {
    throw new SyntaxError(`${place}: a bias must be its value, % and its name, not ${JSON.stringify(line.trim())}`);
  }
  if (!/^[+-]?(?:[0-9]{1,9}|0x[0-9a-fA-F]{1,7})$/.test(value!)) {
    const numbers = "a whole number, decimal or hexadecimal with 0x";
    throw new SyntaxError(`${place}: the value of ${fileName} must be ${numbers}, not ${JSON.stringify(value)}`);
  }
  const size = Number(value!.replace(/^[+-]/, ""));
  return { fileName, value: value!.startsWith("-") && size !== 0 ? -size : size };
}

function unknownName(place: string, name: string, known: readonly string[]): TypeError {
  const meant = nearest(name, known);
  const help = meant === undefined ? `it has ${known.join(", ")}` : `did you mean "${meant}"?`;
  return new TypeError(`${place}: the sensor has no bias ${JSON.stringify(name)} in files; ${help}`);
}
