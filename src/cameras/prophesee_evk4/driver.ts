import { checkDescriptor } from "../../protocol/descriptors.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { undoing } from "../../protocol/failures.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import { checkConfiguration } from "../imx636/configuration_check.ts";
import { decoderFormat } from "../imx636/event_format.ts";
import { Imx636, PROPERTIES } from "../imx636/sensor.ts";
import { TreuzellConnection } from "../treuzell/connection.ts";
import { describeBoard } from "../treuzell/identification.ts";
import { bringUp, EVENTS_ENDPOINT } from "./bring_up.ts";
import type { PropheseeEvk4Changes, PropheseeEvk4Configuration, PropheseeEvk4Sensors } from "./configuration.ts";
import { EXPECTED_DESCRIPTORS, identify } from "./identification.ts";

type OpenEvk4 = OpenCamera<PropheseeEvk4Configuration, PropheseeEvk4Changes, PropheseeEvk4Sensors>;

/**
 * Prophesee EVK4 and the cameras that speak its protocol: CenturyArks SilkyEvCam HD, IDS uEye XCP-E.
 *
 * A Treuzell board with an IMX636. Ids: neuromorphic-drivers 0.16.1 (`devices/prophesee_evk4.rs`, `devices.rs`).
 */
export const propheseeEvk4: CameraDriver<PropheseeEvk4Configuration, PropheseeEvk4Changes, PropheseeEvk4Sensors> =
  Object.freeze({
    type: "prophesee-evk4",
    usbIds: Object.freeze([
      // Shared with the EVK3: the system byte tells them apart.
      { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK4" },
      { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK4" },
      { vendorId: 0x31f7, productId: 0x0003, name: "CenturyArks SilkyEvCam HD" },
      { vendorId: 0x1409, productId: 0x8e00, name: "IDS uEye XCP-E" },
    ]),
    interfaceNumber: 0,
    eventsEndpoint: EVENTS_ENDPOINT,
    checkConfiguration,
    identify,
    open,
  });

function* open(configuration: PropheseeEvk4Configuration): Protocol<OpenEvk4> {
  for (const expected of EXPECTED_DESCRIPTORS) yield* checkDescriptor(expected);
  const board = new TreuzellConnection();
  const { serial, firmware } = yield* describeBoard(board);
  const sensor = new Imx636(board, configuration);
  // Nothing has changed in the sensor so far; from here on, a failure must be undone.
  yield* undoing(bringUp(board, sensor), () => sensor.shutdown());
  return {
    serial,
    firmware,
    properties: PROPERTIES,
    eventFormat: decoderFormat(configuration.eventFormat),
    sensors: sensor.sensors,
    get configuration() {
      return sensor.configuration;
    },
    update: (changes) => sensor.update(changes),
    shutdown: () => sensor.shutdown(),
  };
}
