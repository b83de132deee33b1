/** Register maps as data: addresses, reserved bits and fields of 32-bit registers. */

import type { Protocol } from "./exchange.ts";

/** A register, or `count` consecutive ones, 4 bytes apart. */
export interface RegisterDefinition {
  readonly address: number;
  readonly count?: number;
  /** The reserved bits, which are written as they stand here. */
  readonly base?: number;
  readonly fields?: Readonly<Record<string, readonly [lowestBit: number, highestBit: number]>>;
}

/** A register that knows its name. */
export interface Register extends RegisterDefinition {
  readonly name: string;
}

/** The registers of a map, each with its name. */
export type Registers<Map> = { readonly [Name in keyof Map]: Map[Name] & { readonly name: Name } };

/** Values for some of a register's fields; those not named are 0. */
export type FieldValues<Definition extends RegisterDefinition> = Definition extends { readonly fields: infer Fields }
  ? { readonly [Field in keyof Fields]?: number }
  : Record<string, never>;

type FieldOf<Definition extends RegisterDefinition> = keyof FieldValues<Definition> & string;

/** A register and the word that is written to it. */
export interface RegisterWrite {
  readonly register: Register;
  readonly word: number;
}

/** A board's way to the registers of its sensor. */
export interface RegisterAccess {
  /** Reads a register's 32-bit word. */
  readRegister(register: Register): Protocol<number>;
  /** Writes a register's 32-bit word. */
  writeRegister(register: Register, word: number): Protocol;
  /**
   * Writes registers, in their order; where one fails, the next ones may have been written. Absent where each write has
   * to be over before the next one.
   */
  writeRegisters?(writes: readonly RegisterWrite[]): Protocol;
}

/** Gives each register of a map its name. */
export function nameRegisters<const Map extends Readonly<Record<string, RegisterDefinition>>>(
  map: Map,
): Registers<Map> {
  const named = Object.entries(map).map(([name, definition]) => [name, Object.freeze({ ...definition, name })]);
  return Object.freeze(Object.fromEntries(named));
}

/** One of consecutive registers: `{ name: "tdRoiX[3]", address: 0x200C }`. */
export function registerAt({ name, address }: Register, index: number): Register {
  return { name: `${name}[${index}]`, address: address + 4 * index };
}

/** The 32-bit word of a register: its reserved bits and the given fields. */
export function wordOf<Definition extends Register>(register: Definition, values: FieldValues<Definition>): number {
  let word = register.base ?? 0;
  for (const [field, value] of Object.entries<number | undefined>(values)) {
    if (value === undefined) continue;
    const [lowest, highest] = bitsOf(register, field);
    // A value that does not fit would be cut silently, and the sensor would be set to something else.
    if (!(Number.isInteger(value) && value >= 0 && value < 2 ** (highest - lowest + 1))) {
      throw new RangeError(`${register.name}.${field}: ${value} does not fit in bits ${lowest} to ${highest}`);
    }
    word += value * 2 ** lowest;
  }
  return word;
}

/** A register's word with the given fields; all its other bits are those of `word`. */
export function wordWith<Definition extends Register>(
  register: Definition,
  word: number,
  values: FieldValues<Definition>,
): number {
  let base = word;
  for (const field of Object.keys(values) as FieldOf<Definition>[]) {
    base -= fieldOf(register, field, word) * 2 ** bitsOf(register, field)[0];
  }
  return wordOf({ ...register, base }, values);
}

/** The value of one field in a register's word. */
export function fieldOf<Definition extends Register>(
  register: Definition,
  field: FieldOf<Definition>,
  word: number,
): number {
  const [lowest, highest] = bitsOf(register, field);
  return Math.floor(word / 2 ** lowest) % 2 ** (highest - lowest + 1);
}

function bitsOf({ name, fields }: Register, field: string): readonly [number, number] {
  const bits = fields?.[field];
  if (bits === undefined) throw new TypeError(`${name} has no field "${field}"`);
  return bits;
}

/** Name and address for messages, for example `"timeBaseCtrl (0x9008)"`. */
export function describeRegister({ name, address }: Register): string {
  return `${name} (0x${address.toString(16).toUpperCase().padStart(4, "0")})`;
}
