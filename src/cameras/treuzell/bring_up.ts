/** The bring-up of cameras that have no order of their own: that of OpenEB 5.1.1. */

import type { Protocol } from "../../protocol/exchange.ts";
import { emptyEventPipe } from "./event_pipe.ts";

/** A sensor that is brought up in two parts. */
export interface StartableSensor {
  /** From any state to a sensor that is set up and sends nothing. */
  setUp(): Protocol;
  /** From there to a stream. */
  start(): Protocol;
}

/** From an identified camera to a streaming one; what an earlier session left in the pipe is thrown away. */
export function* bringUp(sensor: StartableSensor): Protocol {
  yield* sensor.setUp();
  yield* emptyEventPipe();
  yield* sensor.start();
}
