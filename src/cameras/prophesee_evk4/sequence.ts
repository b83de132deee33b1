/**
 * Sequences of steps as data, and the one function that carries a step out.
 *
 * The tables in `bring_up.ts` and `live_update.ts` say what happens; this file says how. Values and conditions may
 * depend on the configuration.
 */

import { setImmediate } from "node:timers";
import { NeuromorphicError } from "../../errors.ts";
import type { UsbHandle } from "../../usb/usb_handle.ts";
import type { Settling } from "../../protocol/settling.ts";
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

/** How long steps may follow each other before the event loop gets its turn (timers and signals would starve). */
const TURN_MS = 5;

/** With what, and for what, steps are carried out; and what they learn. */
export class Sequencer {
  readonly handle: UsbHandle;
  readonly connection: TreuzellConnection;
  readonly settling: Settling;
  /** The last word read from each register. */
  readonly words: Map<RegisterName, number> = new Map();
  /** The last reply for each property; undefined where the camera refused. */
  readonly replies: Map<number, Uint8Array | undefined> = new Map();

  constructor(handle: UsbHandle, settling: Settling) {
    this.handle = handle;
    this.connection = new TreuzellConnection(handle);
    this.settling = settling;
  }

  /** Carries out steps; the event loop goes on while the sensor settles, and between transfers. */
  async run(steps: readonly Step[], configuration: Configuration, signal?: AbortSignal): Promise<void> {
    let turnEndsMs = performance.now() + TURN_MS;
    for (const step of steps) {
      signal?.throwIfAborted();
      for (const settleUs of this.#execute(step, configuration)) {
        if (settleUs > 0) await this.settling.wait(settleUs, signal);
        if (performance.now() < turnEndsMs) continue;
        await new Promise<void>((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        turnEndsMs = performance.now() + TURN_MS;
      }
    }
  }

  /** Carries out steps, blocking. For sequences with short waits only. */
  runSync(steps: readonly Step[], configuration: Configuration): void {
    for (const step of steps) {
      for (const settleUs of this.#execute(step, configuration)) {
        if (settleUs > 0) this.settling.waitSync(settleUs);
      }
    }
  }

  /** Carries out a step; yields between its transfers and at its end, each time how long to wait, in µs. */
  *#execute(step: Step, configuration: Configuration): Generator<number, void, void> {
    if (step.when !== undefined && !step.when(configuration)) return;
    switch (step.op) {
      case "descriptor":
        checkDescriptor(this.handle, step.expected);
        break;
      case "query":
        this.replies.set(step.property, this.connection.query(step.property, step.parameters));
        break;
      case "read":
        this.words.set(step.register, this.connection.readRegister(REGISTERS[step.register].address));
        break;
      case "write":
        this.connection.writeRegister(REGISTERS[step.register].address, step.word(configuration));
        break;
      case "write-block": {
        const { address } = REGISTERS[step.register];
        for (const [index, word] of step.words(configuration).entries()) {
          this.connection.writeRegister(address + 4 * index, word);
          yield 0;
        }
        return;
      }
      case "wait":
        yield step.us;
        return;
      case "drain":
        yield* this.#drain(step.endpoint, this.settling.timeoutMs(step.timeoutMs));
        return;
    }
    yield 0;
  }

  /** In slices of the time, between which it yields. */
  *#drain(endpoint: number, timeoutMs: number): Generator<number, void, void> {
    const sliceMs = Math.min(timeoutMs, DRAIN_SLICE_MS);
    let quietMs = 0;
    for (let chunks = 0; chunks < MAXIMUM_DRAINED_CHUNKS;) {
      const chunk = this.handle.bulkIn(endpoint, DRAINED_CHUNK_LENGTH, sliceMs);
      if (chunk?.length === 0) return;
      if (chunk === undefined) {
        quietMs += sliceMs;
        if (quietMs >= timeoutMs) return;
      } else {
        quietMs = 0;
        chunks += 1;
      }
      yield 0;
    }
    const operation = "empty the event pipe";
    const device = this.handle.description;
    throw new NeuromorphicError("io", `${device}: ${operation}: the stopped sensor still sends events`, {
      operation,
      device,
    });
  }
}

const DRAINED_CHUNK_LENGTH = 131_072;

/** So long the event loop stands still while nothing comes. */
const DRAIN_SLICE_MS = 20;

/** Far more than the camera's buffers hold: without a bound, a sensor that does not stop would hold us forever. */
const MAXIMUM_DRAINED_CHUNKS = 1_024;
