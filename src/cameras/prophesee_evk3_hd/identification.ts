import type { Protocol } from "../../protocol/exchange.ts";
import type { Identity } from "../driver.ts";
import { REGISTERS } from "../gen41/registers.ts";
import { identifyBySystemByte, type SensorKind } from "../treuzell/find_sensor.ts";

/** neuromorphic-drivers 0.18.1, `prophesee_evk3_hd.rs`; boards with other sensors have the same ids. */
const SYSTEM_BYTES: ReadonlyMap<number, string> = new Map([[0x30, "Gen4.1"]]);

/** What RAW files say of it: OpenEB 5.1.1's table of system ids. */
export const RAW_HEADER = { sensor_generation: "4.1", sensor_name: "Gen4.1", system_ID: String(0x30) };

/** See `CameraDriver.identify`. */
export const identify = (): Protocol<Identity> => identifyBySystemByte(SYSTEM_BYTES);

/** OpenEB 5.1.1, `gen41_tz_device.cpp`. */
const CHIP_IDS = [0xa030_1002, 0xa030_1003];

export const SENSOR: SensorKind<"Gen4.1"> = {
  name: "a Gen4.1",
  compatible: ["psee,ccam5_gen41"],
  registers: { "chip id": REGISTERS.chipId },
  modelOf: (chipId) => chipId !== undefined && CHIP_IDS.includes(chipId) ? "Gen4.1" : undefined,
};
