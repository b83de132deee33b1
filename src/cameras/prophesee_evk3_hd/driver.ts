import type { Protocol } from "../../protocol/exchange.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import { checkConfiguration } from "../gen41/configuration_check.ts";
import { Gen41 } from "../gen41/sensor.ts";
import { openCamera } from "../open_camera.ts";
import { INTERFACE } from "../treuzell/alternate_setting.ts";
import { connectBoard } from "../treuzell/connect.ts";
import { EVENTS_ENDPOINT } from "../treuzell/event_pipe.ts";
import { findSensor } from "../treuzell/find_sensor.ts";
import { bringUp } from "./bring_up.ts";
import type { PropheseeEvk3HdChanges, PropheseeEvk3HdConfiguration, PropheseeEvk3HdSensors } from "./configuration.ts";
import { identify, RAW_HEADER, SENSOR } from "./identification.ts";

type OpenEvk3Hd = OpenCamera<PropheseeEvk3HdConfiguration, PropheseeEvk3HdChanges, PropheseeEvk3HdSensors>;

/** Prophesee EVK3 HD: a Treuzell board with a Gen4.1. */
export const propheseeEvk3Hd: CameraDriver<
  PropheseeEvk3HdConfiguration,
  PropheseeEvk3HdChanges,
  PropheseeEvk3HdSensors
> = Object.freeze({
  type: "prophesee-evk3-hd",
  interfaceNumber: INTERFACE,
  eventsEndpoint: EVENTS_ENDPOINT,
  checkConfiguration,
  identify,
  open,
});

function* open(configuration: PropheseeEvk3HdConfiguration): Protocol<OpenEvk3Hd> {
  const { board, devices, ...identity } = yield* connectBoard();
  const { access } = yield* findSensor(board, devices, SENSOR);
  const sensor = new Gen41(access, configuration);
  return yield* openCamera(sensor, { ...identity, rawHeader: RAW_HEADER, bringUp: bringUp(board, sensor) });
}
