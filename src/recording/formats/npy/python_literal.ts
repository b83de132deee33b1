/** A value as it stands in the header of an array. Tuples and lists are both arrays. */
export type PythonValue = string | number | boolean | null | readonly PythonValue[] | {
  readonly [key: string]: PythonValue;
};

/**
 * Reads a literal of Python, for example `{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }`. Nothing is evaluated.
 *
 * @throws {SyntaxError} for anything but dictionaries, tuples, lists, texts, whole numbers, True, False and None.
 */
export function parsePythonLiteral(text: string): PythonValue {
  const parser = new LiteralParser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

/** Deeper values are none. */
const maximumDepth = 32;

class LiteralParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): PythonValue {
    if (depth > maximumDepth) throw this.#error();
    if (this.#takes("{")) return this.#dictionary(depth);
    if (this.#takes("(")) return this.#items(")", depth);
    if (this.#takes("[")) return this.#items("]", depth);
    // NumPy writes no escapes: names that would need one are refused.
    const [whole, quoted, doubleQuoted, number, word] =
      this.#match(/[ub]?'([^'\\\n]*)'|[ub]?"([^"\\\n]*)"|(-?\d+)L?|(True|False|None)\b/y) ?? [];
    if (whole === undefined) throw this.#error();
    if (number !== undefined) return Number(number);
    if (word !== undefined) return word === "None" ? null : word === "True";
    return quoted ?? doubleQuoted!;
  }

  end(): void {
    this.#match(/\s*/y);
    if (this.#at < this.#text.length) throw this.#error();
  }

  #dictionary(depth: number): PythonValue {
    const entries: [string, PythonValue][] = [];
    while (!this.#takes("}")) {
      const key = this.value(depth + 1);
      if (typeof key !== "string" || !this.#takes(":")) throw this.#error();
      entries.push([key, this.value(depth + 1)]);
      if (this.#takes("}")) break;
      if (!this.#takes(",")) throw this.#error();
    }
    return Object.fromEntries(entries);
  }

  #items(end: string, depth: number): readonly PythonValue[] {
    const items: PythonValue[] = [];
    while (!this.#takes(end)) {
      items.push(this.value(depth + 1));
      if (this.#takes(end)) break;
      if (!this.#takes(",")) throw this.#error();
    }
    return items;
  }

  #takes(symbol: string): boolean {
    this.#match(/\s*/y);
    if (this.#text[this.#at] !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #error(): SyntaxError {
    return new SyntaxError(`no literal at character ${this.#at}`);
  }
}
