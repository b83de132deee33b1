import { NeuromorphicError } from "../errors.ts";
import type { Protocol } from "./exchange.ts";
import { isUntried, lacksMemory } from "./failures.ts";
import { PersistentAccess } from "./persistent_access.ts";
import type { RegisterAccess } from "./registers.ts";
import { carryOut, type Step } from "./steps.ts";

/** A part of a {@link Shutdown}. */
export interface ShutdownPart<Configuration> {
  readonly steps: readonly Step<Configuration>[];
  /** Steps that would begin later are left out, so that there is time for the next part. Default: no limit. */
  readonly beginWithinMs?: number;
}

/** The longest time that a shutdown takes, also where the camera answers late or never. */
const LIMIT_MS = 1_400;

/**
 * Closing a device takes two seconds at most. Between a shutdown and its second run the stream ends, for which 0.6 s are
 * left (`zig/src/ring/stream.zig`).
 */
const SECOND_RUN_ENDS_MS = 2_000;

/**
 * The steps that stop a sensor, in 1.4 seconds at most. They go on after a failed write, but not where the camera is
 * gone or answers nothing at all.
 *
 * Run again, they do nothing, but where the system had no memory for a transfer: then they go on with what is left.
 */
export class Shutdown<Configuration> {
  #left: readonly ShutdownPart<Configuration>[];
  #startedMs: number | undefined;

  constructor(parts: readonly ShutdownPart<Configuration>[]) {
    this.#left = parts;
  }

  /** Throws no `NeuromorphicError`. */
  *run(configuration: Configuration, access: RegisterAccess): Protocol {
    const parts = this.#left;
    this.#left = [];
    const persistent = new PersistentAccess(access);
    yield { kind: "limit", withinMs: this.#limitMs() };
    for (const [index, { steps, beginWithinMs = Infinity }] of parts.entries()) {
      yield { kind: "begin", withinMs: beginWithinMs };
      for (const [position, step] of steps.entries()) {
        try {
          yield* carryOut([step], configuration, persistent);
        } catch (error) {
          if (!(error instanceof NeuromorphicError)) throw error;
          if (isUntried(error)) break;
          if (lacksMemory(error)) {
            this.#left = [{ steps: steps.slice(position), beginWithinMs }, ...parts.slice(index + 1)];
          }
          return;
        }
      }
    }
  }

  /** How long the run that begins now may take. */
  #limitMs(): number {
    const nowMs = performance.now();
    if (this.#startedMs !== undefined) return this.#startedMs + SECOND_RUN_ENDS_MS - nowMs;
    this.#startedMs = nowMs;
    return LIMIT_MS;
  }
}
