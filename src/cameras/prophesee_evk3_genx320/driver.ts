import type { Protocol } from "../../protocol/exchange.ts";
import { undoing } from "../../protocol/failures.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import type { Genx320Request } from "../genx320/configuration.ts";
import { checkConfiguration } from "../genx320/configuration_check.ts";
import { decoderFormat } from "../genx320/event_format.ts";
import { Genx320 } from "../genx320/sensor.ts";
import { selectAlternateSetting } from "../treuzell/alternate_setting.ts";
import { TreuzellConnection } from "../treuzell/connection.ts";
import { emptyEventPipe, EVENTS_ENDPOINT } from "../treuzell/event_pipe.ts";
import { findSensor } from "../treuzell/find_sensor.ts";
import { describeBoard } from "../treuzell/identification.ts";
import type {
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Sensors,
} from "./configuration.ts";
import { identify, SENSOR } from "./identification.ts";

const INTERFACE = 0;

type OpenEvk3 = OpenCamera<
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Sensors
>;

/**
 * Prophesee EVK3 with a GenX320: a Treuzell board (CX3) with the sensor of 320 x 320 pixels. Ids, questions and sequences:
 * OpenEB 5.1.1. The endpoints are those of an EVK4, which is not proven.
 */
export const propheseeEvk3Genx320: CameraDriver<
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Sensors,
  Genx320Request
> = Object.freeze({
  type: "prophesee-evk3-genx320",
  usbIds: Object.freeze([
    // Shared with the EVK4 and other EVK3: the system byte tells them apart.
    { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK3 GenX320" },
    { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK3 GenX320" },
  ]),
  interfaceNumber: INTERFACE,
  eventsEndpoint: EVENTS_ENDPOINT,
  checkConfiguration: (changes: unknown, base?: Genx320Request) => checkConfiguration(changes, base),
  identify,
  open,
});

function* open(configuration: Genx320Request): Protocol<OpenEvk3> {
  yield* selectAlternateSetting(INTERFACE);
  const board = new TreuzellConnection();
  const { serial, firmware, devices } = yield* describeBoard(board);
  const { access, model } = yield* findSensor(board, devices, SENSOR);
  const sensor = new Genx320(access, configuration, model);
  // Nothing has changed in the sensor so far; from here on, a failure must be undone.
  yield* undoing(bringUp(sensor), () => sensor.shutdown());
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

/** From an identified camera to a streaming one, in the order of OpenEB. */
function* bringUp(sensor: Genx320): Protocol {
  yield* sensor.setUp();
  yield* emptyEventPipe();
  yield* sensor.start();
}
