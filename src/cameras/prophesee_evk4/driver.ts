import type { Protocol } from "../../protocol/exchange.ts";
import { undoing } from "../../protocol/failures.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import { formatBiases, parseBiases } from "../imx636/bias_file.ts";
import { parseSettings } from "../imx636/camera_settings.ts";
import { formatSettings } from "../imx636/camera_settings_text.ts";
import type { Imx636Request } from "../imx636/configuration.ts";
import { checkConfiguration } from "../imx636/configuration_check.ts";
import { decoderFormat } from "../imx636/event_format.ts";
import { Imx636 } from "../imx636/sensor.ts";
import { selectAlternateSetting } from "../treuzell/alternate_setting.ts";
import { TreuzellConnection } from "../treuzell/connection.ts";
import { EVENTS_ENDPOINT } from "../treuzell/event_pipe.ts";
import { findSensor } from "../treuzell/find_sensor.ts";
import { describeBoard } from "../treuzell/identification.ts";
import { bringUp } from "./bring_up.ts";
import type { PropheseeEvk4Changes, PropheseeEvk4Configuration, PropheseeEvk4Sensors } from "./configuration.ts";
import { identify, SENSOR } from "./identification.ts";

const INTERFACE = 0;

type OpenEvk4 = OpenCamera<PropheseeEvk4Configuration, PropheseeEvk4Changes, PropheseeEvk4Sensors>;

/**
 * Prophesee EVK4 and the cameras that speak its protocol, of CenturyArks and of IDS: a Treuzell board with an IMX636 or
 * an IMX646. Ids: neuromorphic-drivers 0.18.1 (`devices/prophesee_evk4.rs`, `devices.rs`).
 */
export const propheseeEvk4: CameraDriver<
  PropheseeEvk4Configuration,
  PropheseeEvk4Changes,
  PropheseeEvk4Sensors,
  Imx636Request
> = Object.freeze({
  type: "prophesee-evk4",
  usbIds: Object.freeze([
    // Shared with the EVK3: the system byte tells them apart.
    { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK4" },
    { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK4" },
    { vendorId: 0x31f7, productId: 0x0003, name: "CenturyArks SilkyEvCam HD" },
    { vendorId: 0x31f7, productId: 0x0004, name: "CenturyArks SilkyEvCam HD Lite" },
    { vendorId: 0x1409, productId: 0x8e00, name: "IDS uEye XCP-E or XLS-E" },
  ]),
  interfaceNumber: INTERFACE,
  eventsEndpoint: EVENTS_ENDPOINT,
  checkConfiguration,
  identify,
  metavisionFiles: { parseBiases, formatBiases, parseSettings, formatSettings },
  open,
});

function* open(configuration: Imx636Request): Protocol<OpenEvk4> {
  yield* selectAlternateSetting(INTERFACE);
  const board = new TreuzellConnection();
  const { serial, firmware, devices } = yield* describeBoard(board);
  const { access, model } = yield* findSensor(board, devices, SENSOR);
  const sensor = new Imx636(access, configuration, model);
  // Nothing has changed in the sensor so far; from here on, a failure must be undone.
  yield* undoing(bringUp(board, sensor), () => sensor.shutdown());
  return {
    serial,
    firmware,
    properties: sensor.properties,
    eventFormat: decoderFormat(configuration.eventFormat),
    sensors: sensor.sensors,
    get configuration() {
      return sensor.configuration;
    },
    update: (changes) => sensor.update(changes),
    shutdown: () => sensor.shutdown(),
  };
}
