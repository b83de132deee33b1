/** What `CameraDriver.open` does once the board and its sensor are known. */

import type { Protocol } from "../protocol/exchange.ts";
import { undoing } from "../protocol/failures.ts";
import type { CameraIdentity, OpenCamera, OpenSensor } from "./driver.ts";

/** What a board said, and the protocol that makes its sensor stream. */
export interface Opening extends CameraIdentity {
  readonly bringUp: Protocol;
  /** `OpenCamera.rawHeader`. */
  readonly rawHeader?: OpenCamera["rawHeader"];
}

/**
 * Brings a sensor up to which nothing has been written so far, and makes a camera of it and its board. Where that fails
 * or is aborted, the sensor is shut down again.
 */
export function* openCamera<Configuration, Changes, S>(
  sensor: OpenSensor<Configuration, Changes, S>,
  { serial, firmware, bringUp, rawHeader }: Opening,
): Protocol<OpenCamera<Configuration, Changes, S>> {
  yield* undoing(bringUp, () => sensor.shutdown());
  return {
    serial,
    firmware,
    properties: sensor.properties,
    eventFormat: sensor.eventFormat,
    rawHeader,
    sensors: sensor.sensors,
    get configuration() {
      return sensor.configuration;
    },
    update: (changes) => sensor.update(changes),
    shutdown: () => sensor.shutdown(),
  };
}
