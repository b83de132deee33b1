/**
 * The order in which an EVK3 HD is brought up: that of neuromorphic-drivers 0.18.1 (`devices/prophesee_evk3_hd.rs`), which
 * runs in the field, and after it what only OpenEB sets up.
 */

import type { Protocol } from "../../protocol/exchange.ts";
import type { Step } from "../../protocol/steps.ts";
import { BIAS_STEPS } from "../gen41/biases.ts";
import type { Gen41Configuration } from "../gen41/configuration.ts";
import { filterSteps } from "../gen41/live_update.ts";
import { MONITORS } from "../gen41/monitors.ts";
import type { Gen41 } from "../gen41/sensor.ts";
import { ANALOG, BIAS_GENERATOR, DIGITAL, START } from "../gen41/sequences.ts";
import { maskSteps } from "../imx636/masks.ts";
import { RATE_CONTROLLER } from "../imx636/rate_controller.ts";
import { PROPERTIES, type TreuzellConnection } from "../treuzell/connection.ts";
import { emptyEventPipe } from "../treuzell/event_pipe.ts";

/** From any state to a sensor that is set up as neuromorphic-drivers does it, with its pixels in reset. */
const SET_UP: readonly Step<Gen41Configuration>[] = [
  ...DIGITAL,
  ...RATE_CONTROLLER,
  ...ANALOG,
  ...BIAS_STEPS,
  ...maskSteps("in-reset"),
  ...BIAS_GENERATOR,
];

/** From an identified camera to a streaming one. */
export function* bringUp(board: TreuzellConnection, sensor: Gen41): Protocol {
  yield { kind: "wait", us: 150_000 };
  yield* board.query(PROPERTIES.fpgaState);
  yield { kind: "wait", us: 5_000 };
  yield* sensor.carryOut(SET_UP);
  yield* board.query(PROPERTIES.fpgaState);
  yield* sensor.carryOut([...MONITORS, ...filterSteps(undefined, sensor.configuration)]);
  yield* emptyEventPipe();
  yield* sensor.carryOut(START);
}
