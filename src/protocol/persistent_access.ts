import { NeuromorphicError } from "../errors.ts";
import type { Protocol } from "./exchange.ts";
import { isGone, isUntried, lacksMemory } from "./failures.ts";
import type { Register, RegisterAccess } from "./registers.ts";

/** A camera that answers nothing would otherwise be asked for all of its registers. */
const MAXIMUM_FAILURES_IN_A_ROW = 3;

/**
 * A way to registers that passes over a write which failed. It throws where the camera is gone or answers nothing, and
 * where no further write would be tried or find memory.
 */
export class PersistentAccess implements RegisterAccess {
  readonly #access: RegisterAccess;
  #failures = 0;
  #failuresInARow = 0;

  constructor(access: RegisterAccess) {
    this.#access = access;
  }

  /** How many writes failed. */
  get failures(): number {
    return this.#failures;
  }

  readRegister(register: Register): Protocol<number> {
    return this.#access.readRegister(register);
  }

  *writeRegister(register: Register, word: number): Protocol {
    try {
      yield* this.#access.writeRegister(register, word);
      this.#failuresInARow = 0;
    } catch (error) {
      this.#failures += 1;
      this.#failuresInARow += 1;
      const isHopeless = !(error instanceof NeuromorphicError) || isUntried(error) || lacksMemory(error) ||
        isGone(error) || this.#failuresInARow === MAXIMUM_FAILURES_IN_A_ROW;
      if (isHopeless) throw error;
    }
  }
}
