import { NeuromorphicError } from "../errors.ts";
import type { Protocol } from "./exchange.ts";
import { isGone, lacksMemory } from "./failures.ts";
import type { RegisterAccess } from "./registers.ts";
import { carryOut, type Step } from "./steps.ts";

/** A camera that answers nothing would otherwise be asked for all of its registers. */
const MAXIMUM_FAILURES_IN_A_ROW = 3;

/** Closing a device takes two seconds at most, whatever the camera does; the rest is for the stream. */
const LIMIT_MS = 1_500;

/**
 * The steps that stop a sensor. They go on after a failed write, but not where the camera is gone, answers nothing at
 * all, or is too slow. Run again, they do nothing, but where the system had no memory for a transfer: then they go on
 * with what is left.
 */
export class Shutdown<Configuration> {
  #left: readonly Step<Configuration>[];

  constructor(steps: readonly Step<Configuration>[]) {
    this.#left = steps;
  }

  /** Throws no `NeuromorphicError`. */
  *run(configuration: Configuration, access: RegisterAccess): Protocol {
    const steps = this.#left;
    this.#left = [];
    yield { kind: "limit", withinMs: LIMIT_MS };
    let failures = 0;
    for (const [position, step] of steps.entries()) {
      try {
        yield* carryOut([step], configuration, access);
        // Waits always succeed and prove nothing.
        if (step.op !== "wait") failures = 0;
      } catch (error) {
        if (!(error instanceof NeuromorphicError)) throw error;
        failures += 1;
        if (lacksMemory(error)) this.#left = steps.slice(position);
        if (lacksMemory(error) || isGone(error) || failures === MAXIMUM_FAILURES_IN_A_ROW) return;
      }
    }
  }
}
