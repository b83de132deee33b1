/**
 * Biases as the sensor's registers hold them.
 *
 * neuromorphic-drivers 0.18.1 reads the chip's codes before its reset, OpenEB 5.1.1 at the end of its initialisation,
 * which has replaced the code of `diff` by then. Here they are read between the reset and that write.
 */

import type { Protocol } from "../../protocol/exchange.ts";
import { fieldOf, type RegisterAccess } from "../../protocol/registers.ts";
import { type Step, when, write } from "../../protocol/steps.ts";
import { type Imx636BiasCodes, type Imx636Chip, possibleOffsets, recommendedOffsets } from "./bias_ranges.ts";
import type { Imx636Biases, Imx636Configuration } from "./configuration.ts";
import type { Imx636BiasStates } from "./monitors.ts";
import { REGISTERS } from "./registers.ts";

/** Register of each bias, in the order in which they are read and written. */
export const BIAS_REGISTERS = [
  ["pr", REGISTERS.biasPr],
  ["fo", REGISTERS.biasFo],
  ["hpf", REGISTERS.biasHpf],
  ["diffOn", REGISTERS.biasDiffOn],
  ["diff", REGISTERS.biasDiff],
  ["diffOff", REGISTERS.biasDiffOff],
  ["inv", REGISTERS.biasInv],
  ["refr", REGISTERS.biasRefr],
  ["reqpuy", REGISTERS.biasReqpuy],
  ["reqpux", REGISTERS.biasReqpux],
  ["sendreqpdy", REGISTERS.biasSendreqpdy],
  ["unknown1", REGISTERS.biasUnknown1],
  ["unknown2", REGISTERS.biasUnknown2],
] as const satisfies readonly (readonly [keyof Imx636Biases, unknown])[];

/** What the steps of a sensor depend on. */
export interface Imx636Settings extends Imx636Configuration {
  /** Undefined until they have been read. */
  readonly chipCodes: Imx636BiasCodes | undefined;
}

/** Reads the chip's own codes. */
export function* readBiasCodes(access: RegisterAccess): Protocol<Imx636BiasCodes> {
  const codes: [string, number][] = [];
  for (const [name, register] of BIAS_REGISTERS) {
    codes.push([name, fieldOf(register, "idacCtl", yield* access.readRegister(register))]);
  }
  return Object.freeze(Object.fromEntries(codes)) as Imx636BiasCodes;
}

/** Steps that write a bias; the chip's codes are known when they are carried out. */
export const BIAS_STEPS: readonly Step<Imx636Settings>[] = BIAS_REGISTERS.map(([name, register]) =>
  write(register, ({ biases, chipCodes }) => ({ idacCtl: chipCodes![name] + biases[name] }))
);

/** Steps that write the chip's own codes back, where they have been read. */
export const CHIP_BIAS_STEPS: readonly Step<Imx636Settings>[] = when(
  ({ chipCodes }) => chipCodes !== undefined,
  ...BIAS_REGISTERS.map(([name, register]) =>
    write<typeof register, Imx636Settings>(register, ({ chipCodes }) => ({ idacCtl: chipCodes![name] }))
  ),
);

/** The biases as they are set, with their bounds. */
export function biasStates({ codes, model }: Imx636Chip, biases: Imx636Biases): Imx636BiasStates {
  const states = BIAS_REGISTERS.map(([name]) => {
    const [chipCode, offset, recommended] = [codes[name], biases[name], recommendedOffsets(name, model)];
    return [name, { code: chipCode + offset, chipCode, offset, ...possibleOffsets(chipCode), recommended }];
  });
  return Object.fromEntries(states) as Imx636BiasStates;
}
