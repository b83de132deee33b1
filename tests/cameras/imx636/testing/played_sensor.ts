/** An IMX636 without board: registers that hold what is written, and a record of the writes. */

import assert from "node:assert/strict";
import type { Imx636BiasCodes } from "../../../../src/cameras/imx636/bias_ranges.ts";
import { BIAS_REGISTERS, type Imx636Settings } from "../../../../src/cameras/imx636/biases.ts";
import type { Imx636Changes, Imx636Configuration } from "../../../../src/cameras/imx636/configuration.ts";
import { checkConfiguration } from "../../../../src/cameras/imx636/configuration_check.ts";
import { updateSteps } from "../../../../src/cameras/imx636/live_update.ts";
import type { Protocol } from "../../../../src/protocol/exchange.ts";
import type { Register, RegisterAccess } from "../../../../src/protocol/registers.ts";
import { carryOut, type Step } from "../../../../src/protocol/steps.ts";

/** Of a chip whose offsets are its codes. */
const CHIP_CODES = Object.fromEntries(BIAS_REGISTERS.map(([name]) => [name, 0])) as Imx636BiasCodes;

/** A register and the word that is written into it. */
export type Write = readonly [address: number, word: number];

/** What the registers hold at first, and bits that are read as 1, or as 0, after any write. */
export interface SensorOptions {
  readonly registers?: readonly Write[];
  readonly alwaysSet?: readonly Write[];
  readonly neverSet?: readonly Write[];
}

export class PlayedSensor implements RegisterAccess {
  readonly registers: Map<number, number>;
  /** The configuration in force. */
  configuration: Imx636Configuration;
  /** How often registers were read. */
  reads = 0;
  readonly #alwaysSet: ReadonlyMap<number, number>;
  readonly #neverSet: ReadonlyMap<number, number>;
  #writes: Write[] = [];

  constructor(
    changes: Imx636Changes = {},
    { registers = [], alwaysSet = [], neverSet = [] }: SensorOptions = {},
  ) {
    this.configuration = checkConfiguration(changes) as Imx636Configuration;
    this.registers = new Map(registers);
    this.#alwaysSet = new Map(alwaysSet);
    this.#neverSet = new Map(neverSet);
  }

  /** Changes the configuration as a streaming camera does, and returns what it writes. */
  update(changes: Imx636Changes): readonly Write[] {
    const configuration = checkConfiguration(changes, this.configuration) as Imx636Configuration;
    const steps = updateSteps(this.configuration, configuration);
    this.configuration = configuration;
    return this.carryOut(steps);
  }

  /** Carries out steps, and returns what they write. */
  carryOut(steps: readonly Step<Imx636Settings>[]): readonly Write[] {
    return this.run(() => carryOut(steps, { ...this.configuration, chipCodes: CHIP_CODES }, this)).writes;
  }

  // deno-lint-ignore require-yield
  *readRegister({ address }: Register): Protocol<number> {
    this.reads++;
    const word = (this.registers.get(address) ?? 0) | (this.#alwaysSet.get(address) ?? 0);
    return (word & ~(this.#neverSet.get(address) ?? 0)) >>> 0;
  }

  // deno-lint-ignore require-yield
  *writeRegister({ address }: Register, word: number): Protocol {
    this.registers.set(address, word);
    this.#writes.push([address, word]);
  }

  /** Runs a protocol, and returns its result with what it writes. */
  run<Result>(protocol: (access: RegisterAccess) => Protocol<Result>): { result: Result; writes: readonly Write[] } {
    this.#writes = [];
    const running = protocol(this);
    for (let step = running.next();; step = running.next()) {
      if (step.done === true) return { result: step.value, writes: this.#writes };
      assert.equal(step.value.kind, "wait");
    }
  }
}

/** A write as people read it: `0xC008 = 0x00089C0F`. */
export function shownWrite([address, word]: Write): string {
  const hexadecimal = (number: number, digits: number) =>
    `0x${number.toString(16).toUpperCase().padStart(digits, "0")}`;
  return `${hexadecimal(address, 4)} = ${hexadecimal(word, 8)}`;
}
