/**
 * Camera settings of Prophesee's Metavision as JSON: what all sensors' readers share. The text is that of protobuf
 * messages, so a name may be written in two ways (`afk_state`, `afkState`), a number may be a string, null is absent, and
 * a value of an enumeration may be its number.
 *
 * Source: OpenEB 5.1.1 (`camera_serialization.cpp`, `protobuf/*.proto`) and protobuf 3.21, whose reader also passes over a
 * comma before a closing brace. Two things differ here: an unknown value of an enumeration is a mistake, and unknown
 * names are told in place of being passed over in silence.
 */

import { type Check, number, oneOf, wholeNumber, wrongKind } from "../../checks.ts";

const FILE = "camera settings";

/**
 * The message of a text; an empty text is an empty message. Throws a `SyntaxError` for what is no JSON, a `TypeError` for
 * JSON of something else.
 */
export function parseMessage(text: string): Message {
  const strict = text.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*\})/g, (_, literal?: string) => literal ?? "");
  if (strict.trim() === "") return new Message({}, "", []);
  let value: unknown;
  try {
    value = JSON.parse(strict);
  } catch (error) {
    throw new SyntaxError(`${FILE}: no JSON: ${(error as Error).message}`);
  }
  return new Message(value, "", []);
}

/** An object of the text. What it is not asked for is ignored, and told by {@link ignored}. */
export class Message {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #ignored: string[];
  readonly #asked: Set<string> = new Set();

  constructor(value: unknown, path: string, ignored: string[]) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw wrongKind(path === "" ? FILE : `${FILE}: ${path}`, "an object", value);
    }
    this.#values = value as Readonly<Record<string, unknown>>;
    this.#path = path;
    this.#ignored = ignored;
  }

  /** What a message calls one of the names: `camera settings: afk_state.enabled`. */
  label(name: string): string {
    return `${FILE}: ${this.#pathOf(name)}`;
  }

  boolean(name: string): boolean | undefined {
    return this.#checked(name, (value, label) => {
      if (typeof value !== "boolean") throw wrongKind(label, "a boolean", value);
      return value;
    });
  }

  wholeNumber(name: string, minimum: number, maximum: number): number | undefined {
    return this.#checked(name, (value, label) => wholeNumber(minimum, maximum)(unquoted(value), label));
  }

  /** The same for a name that is 0 where it is absent. */
  wholeNumberOrZero(name: string, minimum: number, maximum: number): number {
    return this.wholeNumber(name, minimum, maximum) ?? wholeNumber(minimum, maximum)(0, this.label(name));
  }

  number(name: string, minimum: number, maximum: number): number | undefined {
    return this.#checked(name, (value, label) => number(minimum, maximum)(unquoted(value), label));
  }

  text(name: string): string | undefined {
    return this.#checked(name, (value, label) => {
      if (typeof value !== "string") throw wrongKind(label, "a string", value);
      return value;
    });
  }

  /** A value of an enumeration; the names are in the order of their numbers. */
  oneOf<const Name extends string>(name: string, names: readonly Name[]): Name | undefined {
    return this.#checked(
      name,
      (value, label) =>
        typeof value === "number" ? names[wholeNumber(0, names.length - 1)(value, label)]! : oneOf(names)(value, label),
    );
  }

  /** Reads an object; undefined where it is absent. */
  message<Result>(name: string, read: (message: Message) => Result): Result | undefined {
    return this.#checked(name, (value) => this.#read(value, this.#pathOf(name), read));
  }

  /** Reads the objects of a list; an absent list is an empty one. */
  messages<Result>(name: string, maximum: number, read: (message: Message) => Result): readonly Result[] {
    return this.#list(name, maximum).map((value, index) => this.#read(value, `${this.#pathOf(name)}[${index}]`, read));
  }

  /** A list of booleans; an absent list is an empty one. */
  booleans(name: string): readonly boolean[] {
    return this.#list(name, Infinity).map((value, index) => {
      if (typeof value !== "boolean") throw wrongKind(`${this.label(name)}[${index}]`, "a boolean", value);
      return value;
    });
  }

  /** Says that a name's value is ignored, although it is known. */
  ignore(name: string): void {
    this.#ignored.push(this.#pathOf(name));
  }

  /** Says so of the whole object. */
  ignoreAll(): void {
    const names = Object.keys(this.#values);
    if (names.length > 0) this.#ignored.push(this.#path);
    for (const name of names) this.#asked.add(name);
  }

  /** Paths of what was ignored, so far, and of the names that this message was not asked for. */
  ignored(): readonly string[] {
    this.#ignoreUnasked();
    return Object.freeze([...this.#ignored]);
  }

  #read<Result>(value: unknown, path: string, read: (message: Message) => Result): Result {
    const message = new Message(value, path, this.#ignored);
    const result = read(message);
    message.#ignoreUnasked();
    return result;
  }

  #ignoreUnasked(): void {
    for (const name of Object.keys(this.#values)) {
      if (!this.#asked.has(name)) this.ignore(name);
    }
  }

  #list(name: string, maximum: number): readonly unknown[] {
    const check: Check<readonly unknown[]> = (value, label) => {
      if (!Array.isArray(value)) throw wrongKind(label, "an array", value);
      if (value.length <= maximum) return value;
      throw new RangeError(`${label} must have a length of at most ${maximum}, not ${value.length}`);
    };
    return this.#checked(name, check) ?? [];
  }

  #checked<Value>(name: string, check: Check<Value>): Value | undefined {
    const other = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const given = [...new Set([name, other])].filter((each) => Object.hasOwn(this.#values, each));
    for (const each of given) this.#asked.add(each);
    if (given.length === 2) throw new TypeError(`${this.label(name)} must not be given together with ${other}`);
    const value = given.length === 0 ? undefined : this.#values[given[0]!];
    return value === undefined || value === null ? undefined : check(value, this.label(name));
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

/** The number of a string that holds one. */
function unquoted(value: unknown): unknown {
  return typeof value === "string" && /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(value) ? Number(value) : value;
}
