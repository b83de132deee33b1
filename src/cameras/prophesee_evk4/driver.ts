import type { Protocol } from "../../protocol/exchange.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import type { Imx636Request } from "../imx636/configuration.ts";
import { checkConfiguration } from "../imx636/configuration_check.ts";
import { Imx636 } from "../imx636/sensor.ts";
import { openCamera } from "../open_camera.ts";
import { INTERFACE } from "../treuzell/alternate_setting.ts";
import { connectBoard } from "../treuzell/connect.ts";
import { EVENTS_ENDPOINT } from "../treuzell/event_pipe.ts";
import { findSensor } from "../treuzell/find_sensor.ts";
import { bringUp } from "./bring_up.ts";
import type { PropheseeEvk4Changes, PropheseeEvk4Configuration, PropheseeEvk4Sensors } from "./configuration.ts";
import { identify, RAW_HEADERS, SENSOR } from "./identification.ts";

type OpenEvk4 = OpenCamera<PropheseeEvk4Configuration, PropheseeEvk4Changes, PropheseeEvk4Sensors>;

/**
 * Prophesee EVK4 and the cameras that speak its protocol, of CenturyArks and of IDS: a Treuzell board with an IMX636 or
 * an IMX646.
 */
export const propheseeEvk4: CameraDriver<
  PropheseeEvk4Configuration,
  PropheseeEvk4Changes,
  PropheseeEvk4Sensors,
  Imx636Request
> = Object.freeze({
  type: "prophesee-evk4",
  interfaceNumber: INTERFACE,
  eventsEndpoint: EVENTS_ENDPOINT,
  checkConfiguration,
  identify,
  open,
});

function* open(configuration: Imx636Request): Protocol<OpenEvk4> {
  const { board, devices, ...identity } = yield* connectBoard();
  const { access, model } = yield* findSensor(board, devices, SENSOR);
  const sensor = new Imx636(access, configuration, model);
  return yield* openCamera(sensor, { ...identity, rawHeader: RAW_HEADERS[model], bringUp: bringUp(board, sensor) });
}
