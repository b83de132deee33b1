import type { Protocol } from "../../protocol/exchange.ts";
import { undoing } from "../../protocol/failures.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import { checkConfiguration } from "../gen41/configuration_check.ts";
import { Gen41, PROPERTIES } from "../gen41/sensor.ts";
import { decoderFormat } from "../imx636/event_format.ts";
import { selectAlternateSetting } from "../treuzell/alternate_setting.ts";
import { TreuzellConnection } from "../treuzell/connection.ts";
import { EVENTS_ENDPOINT } from "../treuzell/event_pipe.ts";
import { findSensor } from "../treuzell/find_sensor.ts";
import { describeBoard } from "../treuzell/identification.ts";
import { bringUp } from "./bring_up.ts";
import type { PropheseeEvk3HdChanges, PropheseeEvk3HdConfiguration, PropheseeEvk3HdSensors } from "./configuration.ts";
import { identify, SENSOR } from "./identification.ts";

const INTERFACE = 0;

type OpenEvk3Hd = OpenCamera<PropheseeEvk3HdConfiguration, PropheseeEvk3HdChanges, PropheseeEvk3HdSensors>;

/**
 * Prophesee EVK3 HD: a Treuzell board with a Gen4.1.
 *
 * Ids: neuromorphic-drivers 0.18.1 (`devices/prophesee_evk3_hd.rs`).
 */
export const propheseeEvk3Hd: CameraDriver<
  PropheseeEvk3HdConfiguration,
  PropheseeEvk3HdChanges,
  PropheseeEvk3HdSensors
> = Object.freeze({
  type: "prophesee-evk3-hd",
  usbIds: Object.freeze([
    // Shared with the EVK4: the system byte tells them apart.
    { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK3 HD" },
    { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK3 HD" },
  ]),
  interfaceNumber: INTERFACE,
  eventsEndpoint: EVENTS_ENDPOINT,
  checkConfiguration,
  identify,
  open,
});

function* open(configuration: PropheseeEvk3HdConfiguration): Protocol<OpenEvk3Hd> {
  yield* selectAlternateSetting(INTERFACE);
  const board = new TreuzellConnection();
  const { serial, firmware, devices } = yield* describeBoard(board);
  const { access } = yield* findSensor(board, devices, SENSOR);
  const sensor = new Gen41(access, configuration);
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
