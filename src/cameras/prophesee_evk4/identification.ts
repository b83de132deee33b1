/**
 * Who a device with the ids of an EVK4 is. The strings with maker and product decide nothing: those of CenturyArks
 * contain the version of the firmware.
 */

import type { Protocol } from "../../protocol/exchange.ts";
import { quote } from "../../protocol/descriptors.ts";
import { protocolError } from "../../protocol/failures.ts";
import type { RegisterAccess } from "../../protocol/registers.ts";
import type { Identity } from "../driver.ts";
import { type Imx636Model, modelOf } from "../imx636/model.ts";
import { REGISTERS } from "../imx636/registers.ts";
import type { TreuzellConnection } from "../treuzell/connection.ts";
import { type BoardDevice, readSerial, readSystemByte } from "../treuzell/identification.ts";

/** System bytes of boards with these sensors: neuromorphic-drivers 0.18.1, `prophesee_evk4.rs`. */
const SYSTEM_BYTES: ReadonlyMap<number, Imx636Model> = new Map([[0x31, "IMX636"], [0x35, "IMX646"]]);

/** See `CameraDriver.identify`. A board with another system byte is asked nothing else. */
export function* identify(): Protocol<Identity> {
  const system = yield* readSystemByte();
  if (system !== undefined && SYSTEM_BYTES.has(system)) return { isOurs: true, serial: yield* readSerial() };
  const said = system === undefined ? "no system byte" : `system byte ${hexadecimal(system, 2)}`;
  const ours = Array.from(SYSTEM_BYTES, ([byte, model]) => `${hexadecimal(byte, 2)} (${model})`).join(" or ");
  return { isOurs: false, said: `${said} instead of ${ours}` };
}

/** A board's sensor. */
export interface FoundSensor {
  readonly access: RegisterAccess;
  readonly model: Imx636Model;
}

/**
 * By what a board calls such a sensor: OpenEB 5.1.1, `imx636_tz_device.cpp`. An IMX646 may call itself an IMX636.
 */
const COMPATIBLE: readonly string[] = ["psee,ccam5_imx636", "psee,ccam5_gen42", "psee,ccam5_imx646"];

/**
 * The first of a board's devices whose registers are those of an IMX636 or an IMX646; devices that call themselves so
 * are looked at first. Old firmware has that in the device's name. Throws "unsupported" where there is none.
 */
export function* findSensor(board: TreuzellConnection, devices: readonly BoardDevice[]): Protocol<FoundSensor> {
  const calledSo = devices.filter(isCalledSo);
  const seen: string[] = [];
  for (const device of [...calledSo, ...devices.filter((device) => !isCalledSo(device))]) {
    const chipId = yield* board.probeRegister(device.number, REGISTERS.chipId);
    const variant = yield* board.probeRegister(device.number, REGISTERS.variant);
    const model = modelOf(chipId, variant);
    if (model !== undefined) return { access: board.device(device.number), model };
    seen.push(describe(device, chipId, variant));
  }
  const what = seen.length === 0 ? "the board tells of no device" : `the board has ${seen.join("; ")}`;
  throw protocolError("unsupported", "find the sensor", `${what}; an IMX636 or an IMX646 is needed`);
}

function isCalledSo({ name, compatible }: BoardDevice): boolean {
  return [...compatible, name].some((text) => COMPATIBLE.includes(text));
}

/** For messages: `device 0 "psee,ccam5_gen41" with chip id 0xa0301003, variant 0x00000000`. */
function describe({ number, name, compatible }: BoardDevice, ...words: readonly (number | undefined)[]): string {
  const names = [...new Set([...compatible, name])].filter((text) => text !== "").map(quote).join(", ");
  const [chipId, variant] = words.map((word) => word === undefined ? "unreadable" : hexadecimal(word, 8));
  return `device ${number} ${names === "" ? "without a name" : names}, chip id ${chipId}, variant ${variant}`;
}

function hexadecimal(number: number, digits: number): string {
  return `0x${number.toString(16).padStart(digits, "0")}`;
}
