/** The two sensors with this register map: which of them answers, what it is called, and its sequences. */

import type { Step } from "../../protocol/steps.ts";
import type { CameraProperties } from "../driver.ts";
import { HEIGHT, WIDTH } from "./configuration.ts";
import { ES_DESTROY, ES_INIT, ES_START, ES_STOP } from "./sequences_es.ts";
import { MP_DESTROY, MP_INIT, MP_START, MP_STOP } from "./sequences_mp.ts";

/** The early sensor, or that of production, which knows EVT3 and has other biases (OpenEB 5.1.1). */
export type Genx320Model = "GenX320" | "GenX320MP";

/** `REGISTERS.chipId` of each. Source: OpenEB 5.1.1, `devices/genx320`. */
const CHIP_IDS: ReadonlyMap<number, Genx320Model> = new Map([[0x3050_1c01, "GenX320"], [0xb060_2003, "GenX320MP"]]);

/** The model by the word of the register; undefined where it is another sensor. */
export function modelOf(chipId: number | undefined): Genx320Model | undefined {
  return chipId === undefined ? undefined : CHIP_IDS.get(chipId);
}

/** Name and size of a model. */
export function propertiesOf(model: Genx320Model): CameraProperties {
  return Object.freeze({ width: WIDTH, height: HEIGHT, sensor: `Prophesee ${model}` });
}

/** What brings a sensor up and down. */
export interface Sequences {
  readonly init: readonly Step[];
  readonly start: readonly Step[];
  readonly stop: readonly Step[];
  readonly destroy: readonly Step[];
}

/** The sequences of each model. */
export const SEQUENCES: { readonly [Model in Genx320Model]: Sequences } = {
  GenX320: { init: ES_INIT, start: ES_START, stop: ES_STOP, destroy: ES_DESTROY },
  GenX320MP: { init: MP_INIT, start: MP_START, stop: MP_STOP, destroy: MP_DESTROY },
};
