/**
 * Who a device with the ids of an EVK4 is. The strings with maker and product decide nothing: those of CenturyArks
 * contain the version of the firmware.
 */

import type { Protocol } from "../../protocol/exchange.ts";
import type { Identity } from "../driver.ts";
import { type Imx636Model, modelOf } from "../imx636/model.ts";
import { REGISTERS } from "../imx636/registers.ts";
import { identifyBySystemByte, type SensorKind } from "../treuzell/find_sensor.ts";

/** System bytes of boards with these sensors: neuromorphic-drivers 0.18.1, `prophesee_evk4.rs`. */
const SYSTEM_BYTES: ReadonlyMap<number, Imx636Model> = new Map([[0x31, "IMX636"], [0x35, "IMX646"]]);

/** The system byte is the `system_ID` of RAW files, too. Both are generation 4.2 (OpenEB 5.1.1). */
export const RAW_HEADERS: Readonly<Record<Imx636Model, Readonly<Record<string, string>>>> = {
  IMX636: { sensor_generation: "4.2", sensor_name: "IMX636", system_ID: String(0x31) },
  IMX646: { sensor_generation: "4.2", sensor_name: "IMX646", system_ID: String(0x35) },
};

/** See `CameraDriver.identify`. */
export const identify = (): Protocol<Identity> => identifyBySystemByte(SYSTEM_BYTES);

/** By what a board calls such a sensor: OpenEB 5.1.1, `imx636_tz_device.cpp`. An IMX646 may call itself an IMX636. */
export const SENSOR: SensorKind<Imx636Model> = {
  name: "an IMX636 or an IMX646",
  compatible: ["psee,ccam5_imx636", "psee,ccam5_gen42", "psee,ccam5_imx646"],
  registers: { "chip id": REGISTERS.chipId, variant: REGISTERS.variant },
  modelOf,
};
