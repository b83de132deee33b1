/** The two sensors with this register map: which of them answers, and what it is called. */

import type { CameraProperties } from "../driver.ts";
import { HEIGHT, WIDTH } from "./configuration.ts";

/** The IMX636, or the IMX646, which differs by the range of useful biases (OpenEB 5.1.1). */
export type Imx636Model = "IMX636" | "IMX646";

/** `REGISTERS.chipId` of both. Source of this and of the variants: OpenEB 5.1.1, `imx636_tz_device.cpp`. */
const CHIP_ID = 0xa040_1806;

/** By bits 1:0 of `REGISTERS.variant`. */
const models: readonly (Imx636Model | undefined)[] = ["IMX636", undefined, "IMX646", undefined];

/** The model by the words of both registers; undefined where it is another sensor. */
export function modelOf(chipId: number | undefined, variant: number | undefined): Imx636Model | undefined {
  return chipId === CHIP_ID && variant !== undefined ? models[variant & 3] : undefined;
}

/** Name and size of a model. */
export function propertiesOf(model: Imx636Model): CameraProperties {
  return Object.freeze({ width: WIDTH, height: HEIGHT, sensor: `Prophesee/Sony ${model}` });
}
