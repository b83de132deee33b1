import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";
import { fieldOf } from "../../protocol/registers.ts";
import type { Identity } from "../driver.ts";
import { REGISTERS } from "../gen31/registers.ts";
import { TreuzellConnection } from "../treuzell/connection.ts";
import { readSerial } from "../treuzell/identification.ts";

/** The board's device that is the FPGA, with the sensor behind it, and its thermometer. */
export const FPGA = 0;
export const THERMOMETER = 1;

/**
 * What the FPGA of a Gen3.1 board with EVT3 calls itself in register 0x0800. That is the whole check of OpenEB 5.1.1
 * (`gen31_ccam5_tz_device.cpp`); the EVK2, which shares the id 03FD:5832, has others. neuromorphic-drivers compares the
 * product string instead, which has the firmware's version in it. Whether a SilkyEvCam has this value is not proven.
 */
const SYSTEM_ID = 0x28;

/** What RAW files say of it: OpenEB 5.1.1's table of system ids. */
export const RAW_HEADER = { sensor_generation: "3.1", sensor_name: "Gen3.1", system_ID: String(SYSTEM_ID) };

/** See `CameraDriver.identify`. */
export function* identify(): Protocol<Identity> {
  const serial = yield* readSerial();
  const said = yield* differenceOf(new TreuzellConnection());
  return said === undefined ? { isOurs: true, serial } : { isOurs: false, said };
}

/** Throws "unsupported" where the FPGA is another one. */
export function* checkSystemId(board: TreuzellConnection): Protocol {
  const said = yield* differenceOf(board);
  if (said !== undefined) throw protocolError("unsupported", "check the system id", said);
}

/** What the board says instead of this camera's id; undefined where it says that. */
function* differenceOf(board: TreuzellConnection): Protocol<string | undefined> {
  const word = yield* board.probeRegister(FPGA, REGISTERS.systemId);
  const systemId = word === undefined ? undefined : fieldOf(REGISTERS.systemId, "value", word);
  if (systemId === SYSTEM_ID) return undefined;
  const said = systemId === undefined ? "no system id" : `system id 0x${systemId.toString(16).padStart(2, "0")}`;
  return `${said}, not 0x${SYSTEM_ID.toString(16)} (Gen3.1)`;
}
