import { read, type Step, write } from "../../protocol/steps.ts";
import type { Imx636Biases, Imx636Configuration } from "./configuration.ts";
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

/**
 * Reads the codes that an earlier program left. Nothing uses them: they are read because neuromorphic-drivers does,
 * whose transfers ours equal.
 */
export const READ_BIASES: readonly Step[] = BIAS_REGISTERS.map(([, register]) => read(register));

/** Steps that write a bias. */
export const BIAS_STEPS: readonly Step<Imx636Configuration>[] = BIAS_REGISTERS.map(([name, register]) =>
  write(register, ({ biases }) => ({ idacCtl: biases[name] }))
);
