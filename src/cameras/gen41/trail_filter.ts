import { type Check, oneOf } from "../../checks.ts";
import { checkTrailFilter as checkImx636, type Imx636TrailFilter, trailFilterOnSteps } from "../imx636/trail_filter.ts";

/** Filter of the sensor for bursts, as an IMX636 has it; but it has no `"stc-keep-trail"` (OpenEB 5.1.1). */
export interface Gen41TrailFilter extends Imx636TrailFilter {
  /** Which events of a burst are sent: the first one, or the second one. */
  readonly type: "trail" | "stc-cut-trail";
}

const type = oneOf(["trail", "stc-cut-trail"]);

/** A check for a trail filter; null is none. */
export const checkTrailFilter: Check<Gen41TrailFilter | null> = (value, name) => {
  const filter = checkImx636(value, name);
  return filter === null ? null : Object.freeze({ ...filter, type: type(filter.type, `${name}.type`) });
};

export const TRAIL_FILTER_ON_STEPS = trailFilterOnSteps(0);
