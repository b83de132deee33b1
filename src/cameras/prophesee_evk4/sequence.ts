/**
 * Sequences of steps as data, and the one function that carries a step out.
 *
 * The tables in `bring_up.ts` and `live_update.ts` say what happens; this file says how. Values and conditions may
 * depend on the configuration.
 */

import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";
import type { PropheseeEvk4Configuration } from "./configuration.ts";
import { checkDescriptor, type ExpectedDescriptor } from "./identification.ts";
import { TreuzellConnection } from "./protocol.ts";
import {
  type FieldValues,
  type RegisterDefinition,
  type RegisterName,
  REGISTERS,
  wordOf,
} from "../imx636/registers.ts";

type Configuration = PropheseeEvk4Configuration;

/** One step of a sequence. */
export type Step =
  & (
    /** Checks a string descriptor of the device. */
    | { readonly op: "descriptor"; readonly expected: ExpectedDescriptor }
    /** Asks for a property; a refusal is no error. */
    | { readonly op: "query"; readonly property: number; readonly parameters: readonly number[] }
    /** Reads a register. */
    | { readonly op: "read"; readonly register: RegisterName }
    /** Writes a register. */
    | { readonly op: "write"; readonly register: RegisterName; readonly word: (configuration: Configuration) => number }
    /** Writes all registers of a row of them, one after the other. */
    | {
      readonly op: "write-block";
      readonly register: RegisterName;
      readonly words: (configuration: Configuration) => readonly number[];
    }
    /** Lets the sensor settle for at least so many microseconds. */
    | { readonly op: "wait"; readonly us: number }
    /** Reads an endpoint until nothing comes for the given time. */
    | { readonly op: "drain"; readonly endpoint: number; readonly timeoutMs: number }
  )
  & {
    /** The step is left out where this is false. */
    readonly when?: Condition;
  };

export type Condition = (configuration: Configuration) => boolean;

/** A word, or the fields that differ from the register's base, or either as a function of the configuration. */
type Value<Name extends RegisterName> =
  | number
  | FieldValues<Name>
  | ((configuration: Configuration) => number | FieldValues<Name>);

/** A step that writes a register: `write("timeBaseCtrl", { primary: 1 })`, `write("spare0", 0x200)`. */
export function write<Name extends RegisterName>(register: Name, value: Value<Name>): Step {
  const toWord = (value: number | FieldValues<Name>) => typeof value === "number" ? value : wordOf(register, value);
  // Constants are turned to words here, so that a field that does not fit is found when the table is loaded.
  if (typeof value !== "function") {
    const constant = toWord(value);
    return { op: "write", register, word: () => constant };
  }
  return { op: "write", register, word: (configuration) => toWord(value(configuration)) };
}

/** A step that writes every register of a row; the value may depend on the index and the configuration. */
export function writeBlock<Name extends RegisterName>(
  register: Name,
  value: (index: number, configuration: Configuration) => number | FieldValues<Name>,
): Step {
  const { count = 1 }: RegisterDefinition = REGISTERS[register];
  return {
    op: "write-block",
    register,
    words: (configuration) =>
      Array.from({ length: count }, (_, index) => {
        const word = value(index, configuration);
        return typeof word === "number" ? word : wordOf(register, word);
      }),
  };
}

/** A step that reads a register. */
export function read(register: RegisterName): Step {
  return { op: "read", register };
}

/** A step that asks for a property. */
export function query(property: number, ...parameters: number[]): Step {
  return { op: "query", property, parameters };
}

/** A step that lets the sensor settle. */
export function wait(us: number): Step {
  return { op: "wait", us };
}

/** The same steps, carried out only where the condition holds. */
export function when(condition: Condition, ...steps: Step[]): Step[] {
  return steps.map((step) => ({ ...step, when: condition }));
}

/** For what steps are carried out, and what they learn. */
export class Sequencer {
  readonly connection: TreuzellConnection = new TreuzellConnection();
  /** The last reply for each property; undefined where the camera refused. */
  readonly replies: Map<number, Uint8Array | undefined> = new Map();

  /** Carries out steps. */
  *run(steps: readonly Step[], configuration: Configuration): Protocol {
    for (const step of steps) yield* this.#execute(step, configuration);
  }

  *#execute(step: Step, configuration: Configuration): Protocol {
    if (step.when !== undefined && !step.when(configuration)) return;
    switch (step.op) {
      case "descriptor":
        yield* checkDescriptor(step.expected);
        break;
      case "query":
        this.replies.set(step.property, yield* this.connection.query(step.property, step.parameters));
        break;
      case "read":
        yield* this.connection.readRegister(REGISTERS[step.register].address);
        break;
      case "write":
        yield* this.connection.writeRegister(REGISTERS[step.register].address, step.word(configuration));
        break;
      case "write-block": {
        const { address } = REGISTERS[step.register];
        for (const [index, word] of step.words(configuration).entries()) {
          yield* this.connection.writeRegister(address + 4 * index, word);
        }
        break;
      }
      case "wait":
        yield { kind: "wait", us: step.us };
        break;
      case "drain":
        yield* drain(step.endpoint, step.timeoutMs);
    }
  }
}

function* drain(endpoint: number, timeoutMs: number): Protocol {
  const rest = yield { kind: "drain", endpoint, timeoutMs };
  if (rest !== undefined) throw protocolError("io", "empty the event pipe", "the stopped sensor still sends events");
}
