import { NeuromorphicError } from "../errors.ts";
import type { Protocol } from "./exchange.ts";
import { isGone, isUntried, lacksMemory } from "./failures.ts";
import type { RegisterAccess } from "./registers.ts";
import { carryOut, type Step } from "./steps.ts";

/** A camera that answers nothing would otherwise be asked for all of its registers. */
const MAXIMUM_FAILURES_IN_A_ROW = 3;

/** A part of a {@link Shutdown}. */
export interface ShutdownPart<Configuration> {
  readonly steps: readonly Step<Configuration>[];
  /** Steps that would begin later are left out, so that there is time for the next part. Default: no limit. */
  readonly beginWithinMs?: number;
}

/** Closing a device takes so long at most, whatever the camera does. */
const LIMIT_MS = 2_000;

/**
 * The steps that stop a sensor, in two seconds at most. They go on after a failed write, but not where the camera is
 * gone or answers nothing at all.
 *
 * Run again, they do nothing, but where the system had no memory for a transfer: then they go on with what is left.
 */
export class Shutdown<Configuration> {
  #left: readonly ShutdownPart<Configuration>[];

  constructor(parts: readonly ShutdownPart<Configuration>[]) {
    this.#left = parts;
  }

  /** Throws no `NeuromorphicError`. */
  *run(configuration: Configuration, access: RegisterAccess): Protocol {
    const parts = this.#left;
    this.#left = [];
    let failures = 0;
    yield { kind: "limit", withinMs: LIMIT_MS };
    for (const [index, { steps, beginWithinMs = Infinity }] of parts.entries()) {
      yield { kind: "begin", withinMs: beginWithinMs };
      for (const [position, step] of steps.entries()) {
        try {
          yield* carryOut([step], configuration, access);
          // Waits always succeed and prove nothing.
          if (step.op !== "wait") failures = 0;
        } catch (error) {
          if (!(error instanceof NeuromorphicError)) throw error;
          if (isUntried(error)) break;
          if (lacksMemory(error)) {
            this.#left = [{ steps: steps.slice(position), beginWithinMs }, ...parts.slice(index + 1)];
            return;
          }
          failures += 1;
          if (isGone(error) || failures === MAXIMUM_FAILURES_IN_A_ROW) return;
        }
      }
    }
  }
}
