/**
 * Sequences of register accesses as data, for any register map. Values and conditions may depend on a configuration.
 *
 * ```ts
 * import { nameRegisters } from "./registers.ts";
 *
 * const REGISTERS = nameRegisters({ output: { address: 0x28, fields: { enable: [0, 0] } }, spare: { address: 0x18 } });
 * const START: readonly Step<{ output: boolean }>[] = [
 *   write(REGISTERS.spare, 0x200),
 *   wait(1_000),
 *   write(REGISTERS.output, ({ output }) => ({ enable: output ? 1 : 0 })),
 * ];
 * ```
 */

import type { Protocol } from "./exchange.ts";
import { protocolError } from "./failures.ts";
import {
  describeRegister,
  fieldOf,
  type FieldValues,
  type Register,
  type RegisterAccess,
  registerAt,
  type RegisterWrite,
  wordOf,
  wordWith,
} from "./registers.ts";

/** One step of a sequence. */
export type Step<Configuration = unknown> =
  & (
    /** Reads a register; its word is not kept. */
    | { readonly op: "read"; readonly register: Register }
    /** Writes a register. */
    | { readonly op: "write"; readonly register: Register; readonly word: (configuration: Configuration) => number }
    /** Reads a register, and writes its word with some of its fields changed. */
    | {
      readonly op: "modify";
      readonly register: Register;
      readonly word: (configuration: Configuration, before: number) => number;
    }
    /** Writes consecutive registers, one after the other. */
    | {
      readonly op: "write-block";
      readonly register: Register;
      readonly words: (configuration: Configuration) => readonly number[];
    }
    /** Reads a register until a bit of it is set; throws "io" where the last of the reads does not find it. */
    | { readonly op: "until-set"; readonly register: Register; readonly field: string; readonly reads: number }
    /** Lets the sensor settle for at least this many microseconds. */
    | { readonly op: "wait"; readonly us: number }
  )
  & {
    /** The step is left out where this is false. */
    readonly when?: Condition<Configuration>;
  };

export type Condition<Configuration> = (configuration: Configuration) => boolean;

/** What switches a feature of a sensor. */
export interface SwitchSteps<Configuration> {
  /** Set it up as the configuration says, and switch it on. */
  readonly on: readonly Step<Configuration>[];
  readonly off: readonly Step<Configuration>[];
}

/** A word, or the fields that differ from the register's base. */
type Value<Definition extends Register> = number | FieldValues<Definition>;

/** A step that reads a register. */
export function read(register: Register): Step {
  return { op: "read", register };
}

/** A step that writes a register: `write(REGISTERS.timeBaseCtrl, { primary: 1 })`, `write(REGISTERS.spare0, 0x200)`. */
export function write<Definition extends Register, Configuration = unknown>(
  register: Definition,
  value: Value<Definition> | ((configuration: Configuration) => Value<Definition>),
): Step<Configuration> {
  if (typeof value === "function") {
    return { op: "write", register, word: (configuration) => toWord(register, value(configuration)) };
  }
  // Constants are turned to words here, so that a field that does not fit is found when the table is loaded.
  const word = toWord(register, value);
  return { op: "write", register, word: () => word };
}

/**
 * A step that changes some fields of a register and leaves its other bits as they are, for a register whose other bits
 * are not known: `modify(REGISTERS.edfReserved7004, { externalTrigger: 1 })`.
 */
export function modify<Definition extends Register, Configuration = unknown>(
  register: Definition,
  values: FieldValues<Definition> | ((configuration: Configuration) => FieldValues<Definition>),
): Step<Configuration> {
  const valuesOf = typeof values === "function" ? values : () => values;
  return {
    op: "modify",
    register,
    word: (configuration, before) => wordWith(register, before, valuesOf(configuration)),
  };
}

/** A step that writes all of consecutive registers; the value may depend on the index and the configuration. */
export function writeBlock<Definition extends Register, Configuration = unknown>(
  register: Definition,
  value: (index: number, configuration: Configuration) => Value<Definition>,
): Step<Configuration> {
  return {
    op: "write-block",
    register,
    words: (configuration) =>
      Array.from({ length: register.count ?? 1 }, (_, index) => toWord(register, value(index, configuration))),
  };
}

/** A step that waits until a bit is set: `untilSet(REGISTERS.afkInitialization, "initDone", { reads: 3 })`. */
export function untilSet<Definition extends Register>(
  register: Definition,
  field: keyof FieldValues<Definition> & string,
  { reads }: { readonly reads: number },
): Step {
  return { op: "until-set", register, field, reads };
}

/** A step that lets the sensor settle. */
export function wait(us: number): Step {
  return { op: "wait", us };
}

/** The same steps, carried out only where the condition holds. */
export function when<Configuration>(
  condition: Condition<Configuration>,
  ...steps: readonly Step<Configuration>[]
): Step<Configuration>[] {
  return steps.map((step) => ({ ...step, when: condition }));
}

/** Carries out steps. Writes that follow each other are handed to the board together. */
export function* carryOut<Configuration>(
  steps: readonly Step<Configuration>[],
  configuration: Configuration,
  access: RegisterAccess,
): Protocol {
  let writes: RegisterWrite[] = [];
  for (const step of steps) {
    if (step.when !== undefined && !step.when(configuration)) continue;
    const ofStep = writesOf(step, configuration);
    if (ofStep !== undefined) {
      writes.push(...ofStep);
      continue;
    }
    yield* writeAll(writes, access);
    writes = [];
    switch (step.op) {
      case "read":
        yield* access.readRegister(step.register);
        break;
      case "modify": {
        const before = yield* access.readRegister(step.register);
        yield* access.writeRegister(step.register, step.word(configuration, before));
        break;
      }
      case "until-set":
        yield* readUntilSet(step, access);
        break;
      case "wait":
        yield { kind: "wait", us: step.us };
        break;
    }
  }
  yield* writeAll(writes, access);
}

/** What a step writes; undefined for one that does something else. */
function writesOf<Configuration>(
  step: Step<Configuration>,
  configuration: Configuration,
): readonly RegisterWrite[] | undefined {
  switch (step.op) {
    case "write":
      return [{ register: step.register, word: step.word(configuration) }];
    case "write-block":
      return step.words(configuration).map((word, index) => ({ register: registerAt(step.register, index), word }));
    default:
      return undefined;
  }
}

function* writeAll(writes: readonly RegisterWrite[], access: RegisterAccess): Protocol {
  if (access.writeRegisters !== undefined) return yield* access.writeRegisters(writes);
  for (const { register, word } of writes) yield* access.writeRegister(register, word);
}

function* readUntilSet(
  { register, field, reads }: { readonly register: Register; readonly field: string; readonly reads: number },
  access: RegisterAccess,
): Protocol {
  for (let count = 0; count < reads; ++count) {
    if (fieldOf(register, field, yield* access.readRegister(register)) === 1) return;
  }
  const operation = `wait for ${describeRegister(register)}`;
  throw protocolError("io", operation, `${field} is still 0 after ${reads} reads; try again`);
}

function toWord<Definition extends Register>(register: Definition, value: Value<Definition>): number {
  return typeof value === "number" ? value : wordOf(register, value);
}
