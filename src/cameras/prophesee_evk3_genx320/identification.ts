/** Who a device with the ids of an EVK4 is: an EVK3 with a GenX320 on its CX3 board has another system byte. */

import type { Protocol } from "../../protocol/exchange.ts";
import type { Identity } from "../driver.ts";
import { type Genx320Model, modelOf } from "../genx320/model.ts";
import { REGISTERS } from "../genx320/registers.ts";
import { identifyBySystemByte, type SensorKind } from "../treuzell/find_sensor.ts";

/** System ids of OpenEB 5.1.1. */
const SYSTEM_BYTES: ReadonlyMap<number, Genx320Model> = new Map([[0x40, "GenX320"], [0x3b, "GenX320MP"]]);

/** What RAW files say of such a camera: OpenEB 5.1.1. */
export const RAW_HEADERS: Readonly<Record<Genx320Model, Readonly<Record<string, string>>>> = {
  GenX320: { sensor_generation: "320.0", sensor_name: "GenX320", system_ID: String(0x40) },
  GenX320MP: { sensor_generation: "320.1", sensor_name: "GenX320MP", system_ID: String(0x3b) },
};

/** See `CameraDriver.identify`. */
export const identify = (): Protocol<Identity> => identifyBySystemByte(SYSTEM_BYTES);

/** By what a board calls such a sensor: OpenEB 5.1.1. The chip id tells the model. */
export const SENSOR: SensorKind<Genx320Model> = {
  name: "a GenX320",
  compatible: ["psee,cx3_genx320", "psee,cx3_saphir"],
  registers: { "chip id": REGISTERS.chipId },
  modelOf,
};
