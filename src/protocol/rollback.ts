/** Changes of a camera's registers that are taken back where they fail half-way. */

import { NeuromorphicError } from "../errors.ts";
import type { Protocol } from "./exchange.ts";
import { addNote, isGone, isRefused, undoing } from "./failures.ts";
import { PersistentAccess } from "./persistent_access.ts";
import type { Register, RegisterAccess } from "./registers.ts";
import { carryOut, type Step } from "./steps.ts";

/** Steps, and the configuration that their words come from. */
export interface Change<Configuration> {
  readonly steps: readonly Step<Configuration>[];
  readonly configuration: Configuration;
}

/** A change, and the one that takes it back. */
export interface ReversibleChange<Configuration> {
  readonly forward: Change<Configuration>;
  readonly back: Change<Configuration>;
  /** False: what the registers held before is not known, so the way back writes all that it names. */
  readonly isKnown: boolean;
}

/**
 * Carries a change out. Where it fails or is aborted, the way back follows as far as the camera answers; it leaves out
 * what the change did not reach, and a register whose write the camera refused.
 *
 * Throws the error of the change, with a note where the way back failed as well. `onBack` is called where all is as it
 * was before.
 */
export function* carryOutOrGoBack<Configuration>(
  { forward, back, isKnown }: ReversibleChange<Configuration>,
  access: RegisterAccess,
  onBack: () => void,
): Protocol {
  const reached = new ReachedRegisters(access);
  let isBack = false;
  try {
    yield* undoing(carryOut(forward.steps, forward.configuration, reached), function* () {
      isBack = yield* goBack(back, isKnown ? reached.again() : access);
      if (isBack) onBack();
    });
  } catch (error) {
    if (isBack || isGone(error) || !(error instanceof NeuromorphicError)) throw error;
    throw addNote(error, "the settings before could not be written again, so the next update writes all of them");
  }
}

/** Whether each step was carried out. */
function* goBack<Configuration>(
  { steps, configuration }: Change<Configuration>,
  access: RegisterAccess,
): Protocol<boolean> {
  const persistent = new PersistentAccess(access);
  try {
    yield* carryOut(steps, configuration, persistent);
    return persistent.failures === 0;
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
    return false;
  }
}

/** A way to registers that remembers which of them may have changed. */
class ReachedRegisters implements RegisterAccess {
  readonly #access: RegisterAccess;
  readonly #addresses: Set<number> = new Set();

  constructor(access: RegisterAccess) {
    this.#access = access;
  }

  readRegister(register: Register): Protocol<number> {
    return this.#access.readRegister(register);
  }

  *writeRegister(register: Register, word: number): Protocol {
    const isFirst = !this.#addresses.has(register.address);
    this.#addresses.add(register.address);
    try {
      yield* this.#access.writeRegister(register, word);
    } catch (error) {
      if (isFirst && isRefused(error)) this.#addresses.delete(register.address);
      throw error;
    }
  }

  /** A way to the same registers only: writes to others are left out. */
  again(): RegisterAccess {
    const [access, addresses] = [this.#access, this.#addresses];
    return {
      readRegister: (register) => access.readRegister(register),
      *writeRegister(register, word) {
        if (addresses.has(register.address)) yield* access.writeRegister(register, word);
      },
    };
  }
}
