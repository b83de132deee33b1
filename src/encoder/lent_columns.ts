import { wrongKind } from "../checks.ts";
import { hasNoMemory, lengthOf } from "../decoder/input.ts";
import { elementArrays, kinds } from "../packets/kinds.ts";

/** Columns of one kind of events, as native code takes them. */
export interface LentColumns<Column extends string> {
  readonly count: number;
  /** Null where there are no events. */
  readonly columns: Readonly<Record<Column, ArrayBufferView | null>>;
}

/** What holds events: a packet, or an object like one. */
interface EventHolder {
  readonly polarityEvents?: unknown;
  readonly triggerEvents?: unknown;
}

/** The fields of a packet that hold events. An object with none of them is a packet in which nothing happened. */
const eventFields: readonly string[] = ["polarityEvents", "triggerEvents", "imuEvents", "frames", "buffer"];

/**
 * Checks that something holds events as a packet does. Columns themselves (`packet.polarityEvents`) and items of a loop
 * (`{ status, packet }`) do not: their events would be left out without a word.
 */
export function checkEventHolder(given: EventHolder): void {
  if (typeof given === "object" && given !== null && given.polarityEvents !== undefined) return;
  const description = "a packet, or an object with polarityEvents or triggerEvents";
  if (typeof given !== "object" || given === null || Array.isArray(given) || ArrayBuffer.isView(given)) {
    throw wrongKind("events", description, given);
  }
  const names = Object.keys(given);
  if (names.length === 0 || names.some((name) => eventFields.includes(name))) return;
  throw new TypeError(`events must be ${description}, not an object with ${names.join(", ")}`);
}

type ColumnOf<Kind extends "polarity" | "trigger"> = keyof (typeof kinds)[Kind] & string;

/**
 * Checks that the columns of a kind are typed arrays of the right types and of equal lengths. Of an array nothing is asked
 * but what the engine itself knows, as native code believes the length that it is told.
 *
 * @param name What messages call the columns: `"polarityEvents"`.
 */
export function lentColumns<Kind extends "polarity" | "trigger">(
  kind: Kind,
  name: string,
  given: Readonly<Record<ColumnOf<Kind>, ArrayBufferView>> | undefined,
): LentColumns<ColumnOf<Kind>> {
  const names = Object.keys(kinds[kind]) as ColumnOf<Kind>[];
  const none = Object.fromEntries(names.map((column) => [column, null])) as Record<ColumnOf<Kind>, null>;
  if (given === undefined) return { count: 0, columns: none };
  if (typeof given !== "object" || given === null) throw wrongKind(name, `an object with ${names.join(", ")}`, given);
  const columns = Object.fromEntries(names.map((column) => [column, given[column]])) as typeof given;
  const lengths = names.map((column) => lengthOfColumn(kind, column, `${name}.${column}`, columns[column]));
  const count = lengths[0]!;
  for (const [index, length] of lengths.entries()) {
    if (length === count) continue;
    throw new TypeError(
      `${name}.${names[index]} must be as long as ${name}.${names[0]} (${count} events), not ${length}`,
    );
  }
  return { count, columns: count === 0 ? none : columns };
}

function lengthOfColumn(kind: "polarity" | "trigger", column: string, name: string, array: unknown): number {
  const element = (kinds[kind] as Readonly<Record<string, keyof typeof elementArrays>>)[column]!;
  const constructor = elementArrays[element];
  if (!(array instanceof constructor)) throw wrongKind(name, `a ${constructor.name}`, array);
  const length = lengthOf(array);
  if (length === 0 && hasNoMemory(array)) {
    throw new TypeError(`${name} must not be detached: with reuseBuffers, a packet is valid until the next one`);
  }
  return length;
}
