/**
 * Every caller's mistake in one wording: `NAME must be WHAT IT CAN BE, not WHAT WAS GIVEN`.
 *
 * A `TypeError` tells of the wrong kind of value (`"1280"` for a number) and of an unknown name, a `RangeError` of a
 * value out of its range. An option that is `undefined` is absent.
 *
 * A check is a function; larger ones are made of smaller ones:
 *
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const checkOptions = options<{ width: number; label?: string | undefined }>(
 *   "createImage",
 *   { width: wholeNumber(1, 2048), label: text },
 *   ["width"],
 * );
 * assert.deepEqual(checkOptions({ width: 10, label: undefined }), { width: 10 });
 * assert.throws(() => checkOptions({ width: 0 }), /^RangeError: width must be a whole number from 1 to 2048, not 0$/);
 * assert.throws(() => checkOptions({ widht: 10 }), /^TypeError: createImage has no option "widht"; did you mean "width"/);
 * ```
 */

import { nearest } from "./nearest.ts";

/** Returns the value where it is right; throws a `TypeError` or a `RangeError` with the name where it is not. */
export type Check<Value = unknown> = (value: unknown, name: string) => Value;

/** One check for each option. */
export type Checks<Options> = { readonly [Name in keyof Options]-?: Check<Exclude<Options[Name], undefined>> };

/** True or false. */
export const boolean: Check<boolean> = (value, name) => {
  if (typeof value !== "boolean") throw wrongKind(name, "a boolean", value);
  return value;
};

/** Any string. */
export const text: Check<string> = (value, name) => {
  if (typeof value !== "string") throw wrongKind(name, "a string", value);
  return value;
};

/** A string of a form, which the description tells: `textOf(/^[0-9]+$/, "decimal digits")`. */
export function textOf(form: RegExp, description: string): Check<string> {
  return (value, name) => {
    if (typeof value !== "string") throw wrongKind(name, description, value);
    if (!form.test(value)) throw outOfRange(name, description, value);
    return value;
  };
}

/** An integer, both limits included. */
export function wholeNumber(minimum: number, maximum: number): Check<number> {
  return numberThat(Number.isInteger, "a whole number", minimum, maximum);
}

/** A number that need not be an integer, both limits included. */
export function number(minimum: number, maximum: number): Check<number> {
  return numberThat(Number.isFinite, "a number", minimum, maximum);
}

/** One of some values; all are of one type. */
export function oneOf<const Value extends string | number>(values: readonly Value[]): Check<Value> {
  const known = `one of ${values.map(shown).join(", ")}`;
  return (value, name) => {
    if (typeof value !== typeof values[0]) throw wrongKind(name, known, value);
    if (values.includes(value as Value)) return value as Value;
    throw outOfRange(
      name,
      known,
      value,
      typeof value === "string" ? nearest(value, values as readonly string[]) : undefined,
    );
  };
}

/** An object of a class, which the description names with its article: `"an AbortSignal"`. */
export function instanceOf<Value>(
  constructor: abstract new (...parameters: never[]) => Value,
  description: string,
): Check<Value> {
  return (value, name) => {
    if (!(value instanceof constructor)) throw wrongKind(name, description, value);
    return value;
  };
}

/** An array whose elements pass a check. Returns a frozen copy. */
export function arrayOf<Value>(element: Check<Value>, maximumLength: number = Infinity): Check<readonly Value[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw wrongKind(name, "an array", value);
    if (value.length > maximumLength) {
      throw new RangeError(`${name} must have a length of at most ${maximumLength}, not ${value.length}`);
    }
    return Object.freeze(Array.from(value, (each, index) => element(each, `${name}[${index}]`)));
  };
}

/** An object with options. Returns a frozen copy, without those that are undefined. */
export function object<Options extends object>(
  checks: Checks<Options>,
  required: readonly (keyof Options & string)[] = [],
): Check<Options> {
  return (value, name) => checkedEntries(value, { subject: name, prefix: `${name}.`, whole: name }, checks, required);
}

/** The options of a function, by whose name a mistake is told. Returns what {@link object} returns. */
export function options<Options extends object>(
  functionName: string,
  checks: Checks<Options>,
  required: readonly (keyof Options & string)[] = [],
): (value: unknown) => Options {
  const names = { subject: functionName, prefix: "", whole: `the options of ${functionName}` };
  return (value) => checkedEntries(value, names, checks, required);
}

function checkedEntries<Options extends object>(
  value: unknown,
  { subject, prefix, whole }: { readonly subject: string; readonly prefix: string; readonly whole: string },
  checks: Checks<Options>,
  required: readonly string[],
): Options {
  // A Map, for one, is an object without options: what is in it would be left out without a word.
  if (typeof value !== "object" || value === null || Symbol.iterator in value) {
    throw wrongKind(whole, required.length === 0 ? "an object" : `an object with ${required.join(", ")}`, value);
  }
  const given = { ...value } as Record<string, unknown>; // each is read once: a getter cannot change its mind
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(checks, name)) throw unknownOption(subject, name, Object.keys(checks));
  }
  const checked: [string, unknown][] = [];
  for (const [name, check] of Object.entries<Check>(checks)) {
    if (given[name] === undefined && !required.includes(name)) continue;
    checked.push([name, check(given[name], prefix + name)]);
  }
  return Object.freeze(Object.fromEntries(checked)) as Options;
}

function numberThat(
  isRight: (value: number) => boolean,
  kind: string,
  minimum: number,
  maximum: number,
): Check<number> {
  const description = `${kind} from ${minimum} to ${maximum}`;
  return (value, name) => {
    if (typeof value !== "number") throw wrongKind(name, description, value);
    if (!isRight(value) || value < minimum || value > maximum) throw outOfRange(name, description, value);
    return value;
  };
}

/** The error for a value of the wrong kind; the description says what it must be: `"a Uint8Array"`. */
export function wrongKind(name: string, description: string, value: unknown): TypeError {
  return new TypeError(`${name} must be ${description}, not ${shown(value)}`);
}

/** The error for a value out of its range; the description says what it must be: `"a multiple of 1024"`. */
export function outOfRange(name: string, description: string, value: unknown, meant?: string): RangeError {
  return new RangeError(`${name} must be ${description}, not ${shown(value)}${question(meant)}`);
}

/** The error for two options that exclude each other, with the reason: `"the masks are made of it"`. */
export function notTogether(name: string, other: string, reason: string): TypeError {
  return new TypeError(`${name} must not be given together with ${other}: ${reason}`);
}

function unknownOption(subject: string, name: string, known: readonly string[]): TypeError {
  const meant = nearest(name, known);
  const help = meant === undefined ? `; it has ${known.join(", ")}` : question(meant);
  return new TypeError(`${subject} has no option ${shown(name)}${help}`);
}

function question(meant: string | undefined): string {
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}

const longestShown = 80;

/** A value as a message tells it, in a few words. */
function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (tag !== "Object") return `an object (${tag})`;
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name !== "string" || name === "" || name === "Object" ? "an object" : `an object (${name})`;
}
