import type { Protocol } from "../../protocol/exchange.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import { checkConfiguration } from "../gen31/configuration_check.ts";
import { Gen31 } from "../gen31/sensor.ts";
import { openCamera } from "../open_camera.ts";
import { INTERFACE } from "../treuzell/alternate_setting.ts";
import { bringUp } from "../treuzell/bring_up.ts";
import { connectBoard } from "../treuzell/connect.ts";
import { EVENTS_ENDPOINT } from "../treuzell/event_pipe.ts";
import type { CenturyarksVgaChanges, CenturyarksVgaConfiguration, CenturyarksVgaSensors } from "./configuration.ts";
import { checkSystemId, FPGA, identify, RAW_HEADER, THERMOMETER } from "./identification.ts";

type OpenVga = OpenCamera<CenturyarksVgaConfiguration, CenturyarksVgaChanges, CenturyarksVgaSensors>;

/** CenturyArks SilkyEvCam VGA, and Prophesee EVK3 with a Gen3.1: a Treuzell board, an FPGA and the sensor behind it. */
export const centuryarksVga: CameraDriver<
  CenturyarksVgaConfiguration,
  CenturyarksVgaChanges,
  CenturyarksVgaSensors
> = Object.freeze({
  type: "centuryarks-vga",
  interfaceNumber: INTERFACE,
  eventsEndpoint: EVENTS_ENDPOINT,
  checkConfiguration,
  identify,
  open,
});

function* open(configuration: CenturyarksVgaConfiguration): Protocol<OpenVga> {
  const { board, ...identity } = yield* connectBoard({ oldestRelease: 0 }); // OpenEB asks for none here
  yield* checkSystemId(board);
  const sensor = new Gen31(board.device(FPGA), board.device(THERMOMETER), configuration);
  return yield* openCamera(sensor, { ...identity, rawHeader: RAW_HEADER, bringUp: bringUp(sensor) });
}
