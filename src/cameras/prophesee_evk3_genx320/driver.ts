import type { Protocol } from "../../protocol/exchange.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import type { Genx320Request } from "../genx320/configuration.ts";
import { checkConfiguration } from "../genx320/configuration_check.ts";
import { Genx320 } from "../genx320/sensor.ts";
import { openCamera } from "../open_camera.ts";
import { INTERFACE } from "../treuzell/alternate_setting.ts";
import { bringUp } from "../treuzell/bring_up.ts";
import { connectBoard } from "../treuzell/connect.ts";
import { EVENTS_ENDPOINT } from "../treuzell/event_pipe.ts";
import { findSensor } from "../treuzell/find_sensor.ts";
import type {
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Sensors,
} from "./configuration.ts";
import { identify, RAW_HEADERS, SENSOR } from "./identification.ts";

type OpenEvk3 = OpenCamera<
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Sensors
>;

/**
 * Prophesee EVK3 with a GenX320: a Treuzell board (CX3) with the sensor of 320 x 320 pixels. Questions and sequences:
 * OpenEB 5.1.1. The endpoints are those of an EVK4, which is not proven.
 */
export const propheseeEvk3Genx320: CameraDriver<
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Sensors,
  Genx320Request
> = Object.freeze({
  type: "prophesee-evk3-genx320",
  interfaceNumber: INTERFACE,
  eventsEndpoint: EVENTS_ENDPOINT,
  checkConfiguration,
  identify,
  open,
});

function* open(configuration: Genx320Request): Protocol<OpenEvk3> {
  const { board, devices, ...identity } = yield* connectBoard();
  const { access, model } = yield* findSensor(board, devices, SENSOR);
  const sensor = new Genx320(access, configuration, model);
  return yield* openCamera(sensor, { ...identity, rawHeader: RAW_HEADERS[model], bringUp: bringUp(sensor) });
}
