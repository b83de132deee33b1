/**
 * The order in which an EVK4 is brought up, with its waits: that of neuromorphic-drivers 0.16.1 and 0.18.1
 * (`devices/prophesee_evk4.rs`), which runs in the field. The waits are 2.5 s in all.
 */

import type { Protocol } from "../../protocol/exchange.ts";
import type { Step } from "../../protocol/steps.ts";
import { BIAS_STEPS, type Imx636Settings } from "../imx636/biases.ts";
import type { Imx636Configuration } from "../imx636/configuration.ts";
import { CONFIGURED_FILTERS, FILTERS } from "../imx636/filters.ts";
import { EXTERNAL_TRIGGER_STEP } from "../imx636/live_update.ts";
import { maskSteps, PIXEL_MASK_STEP } from "../imx636/masks.ts";
import { LIGHT_METER, THERMOMETER } from "../imx636/monitors.ts";
import { RATE_CONTROLLER } from "../imx636/rate_controller.ts";
import type { Imx636 } from "../imx636/sensor.ts";
import { DESTROY, LINK, READOUT, RESET, START, STOP } from "../imx636/sequences.ts";
import { PROPERTIES, type TreuzellConnection } from "../treuzell/connection.ts";
import { emptyEventPipe } from "../treuzell/event_pipe.ts";

/** From any state to a sensor that is reset, and linked to the USB bridge. */
const RESET_AND_LINK: readonly Step<Imx636Configuration>[] = [...STOP, ...DESTROY, ...RESET, ...LINK];

/** What sets the sensor up; its pixels stay in reset. */
const SET_UP: readonly Step<Imx636Configuration>[] = [
  ...READOUT,
  ...THERMOMETER,
  ...LIGHT_METER,
  ...FILTERS,
  ...RATE_CONTROLLER,
  EXTERNAL_TRIGGER_STEP,
];

/** What the user configures and the steps before did not set; then the start. */
const CONFIGURE_AND_START: readonly Step<Imx636Settings>[] = [
  ...BIAS_STEPS,
  ...maskSteps("in-reset"),
  PIXEL_MASK_STEP,
  ...CONFIGURED_FILTERS,
  ...START,
];

/** From an identified camera to a streaming one. */
export function* bringUp(board: TreuzellConnection, sensor: Imx636): Protocol {
  yield* sensor.carryOut(RESET_AND_LINK);
  // The set-up writes a code of its own for `diff`.
  yield* sensor.readChip();
  yield* sensor.carryOut(SET_UP);
  yield* emptyEventPipe();
  yield* board.query(PROPERTIES.serial);
  yield* sensor.carryOut(CONFIGURE_AND_START);
}
