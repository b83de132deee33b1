/** Which board answers, by its system byte, and which of its devices is the sensor, by its registers. */

import type { Protocol } from "../../protocol/exchange.ts";
import { quote } from "../../protocol/descriptors.ts";
import { protocolError } from "../../protocol/failures.ts";
import type { Register, RegisterAccess } from "../../protocol/registers.ts";
import type { Identity } from "../driver.ts";
import type { TreuzellConnection } from "./connection.ts";
import { type BoardDevice, readSerial, readSystemByte } from "./identification.ts";

/**
 * See `CameraDriver.identify`: for boards that answer one of these system bytes, each with its sensor's name. A board with
 * another one is asked nothing else.
 */
export function* identifyBySystemByte(sensors: ReadonlyMap<number, string>): Protocol<Identity> {
  const system = yield* readSystemByte();
  if (system !== undefined && sensors.has(system)) return { isOurs: true, serial: yield* readSerial() };
  const said = system === undefined ? "no system byte" : `system byte ${hexadecimal(system, 2)}`;
  const ours = Array.from(sensors, ([byte, sensor]) => `${hexadecimal(byte, 2)} (${sensor})`).join(" or ");
  return { isOurs: false, said: `${said} instead of ${ours}` };
}

/** A kind of sensor that a board may have. */
export interface SensorKind<Model> {
  /** For messages, for example `"an IMX636 or an IMX646"`. */
  readonly name: string;
  /** What such a device calls itself. */
  readonly compatible: readonly string[];
  /** The registers that tell it, by what messages call them. */
  readonly registers: Readonly<Record<string, Register>>;
  /** The sensor's model by the words of these registers (undefined: not readable); undefined where it is another sensor. */
  modelOf(...words: readonly (number | undefined)[]): Model | undefined;
}

/** A board's sensor. */
export interface FoundSensor<Model> {
  readonly access: RegisterAccess;
  readonly model: Model;
}

/**
 * The first of a board's devices whose registers are those of such a sensor; devices that call themselves so are looked
 * at first. Old firmware has that in the device's name. Throws "unsupported" where there is none.
 */
export function* findSensor<Model>(
  board: TreuzellConnection,
  devices: readonly BoardDevice[],
  { name, compatible, registers, modelOf }: SensorKind<Model>,
): Protocol<FoundSensor<Model>> {
  const isCalledSo = (device: BoardDevice) =>
    [...device.compatible, device.name].some((text) => compatible.includes(text));
  const seen: string[] = [];
  for (const device of devices.toSorted((left, right) => Number(isCalledSo(right)) - Number(isCalledSo(left)))) {
    const words: (number | undefined)[] = [];
    for (const register of Object.values(registers)) {
      words.push(yield* board.probeRegister(device.number, register));
    }
    const model = modelOf(...words);
    if (model !== undefined) return { access: board.device(device.number), model };
    seen.push([describe(device), ...Object.keys(registers).map((each, index) => told(each, words[index]))].join(", "));
  }
  const what = seen.length === 0 ? "the board tells of no device" : `the board has ${seen.join("; ")}`;
  throw protocolError("unsupported", "find the sensor", `${what}; ${name} is needed`);
}

/** For messages: `device 0 "psee,ccam5_gen41"`. */
function describe({ number, name, compatible }: BoardDevice): string {
  const names = [...new Set([...compatible, name])].filter((text) => text !== "").map(quote).join(", ");
  return `device ${number} ${names === "" ? "without a name" : names}`;
}

/** For messages: `chip id 0xa0301003`. */
function told(name: string, word: number | undefined): string {
  return `${name} ${word === undefined ? "unreadable" : hexadecimal(word, 8)}`;
}

function hexadecimal(number: number, digits: number): string {
  return `0x${number.toString(16).padStart(digits, "0")}`;
}
