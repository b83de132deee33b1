import type { Protocol } from "../../protocol/exchange.ts";
import type { Gen31 } from "../gen31/sensor.ts";
import { emptyEventPipe } from "../treuzell/event_pipe.ts";

/** From an identified camera to a streaming one, in the order of OpenEB 5.1.1. */
export function* bringUp(sensor: Gen31): Protocol {
  yield* sensor.setUp();
  yield* emptyEventPipe();
  yield* sensor.start();
}
