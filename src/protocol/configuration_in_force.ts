/** The configuration of a sensor that streams, and its changes. */

import type { Protocol } from "./exchange.ts";
import { protocolError } from "./failures.ts";
import type { RegisterAccess } from "./registers.ts";
import { carryOutOrGoBack } from "./rollback.ts";
import type { Step } from "./steps.ts";

/** How a sensor's configuration becomes steps. */
export interface ConfigurationSteps<Configuration, Settings> {
  /** Steps from one configuration to another; without `before`, everything is written. */
  updateSteps(before: Configuration | undefined, after: Configuration): readonly Step<Settings>[];
  /** What the steps' words come from. */
  settingsOf(configuration: Configuration): Settings;
  /** What is chosen before the sensor's start, by what messages call it. */
  readonly fixed: { readonly [Name in keyof Configuration]?: string };
}

/**
 * What a sensor was brought up with, and what each update has made of it. An update that fails half-way is taken back;
 * where that fails as well, the next one writes everything.
 */
export class ConfigurationInForce<Configuration, Settings> {
  readonly #access: RegisterAccess;
  readonly #steps: ConfigurationSteps<Configuration, Settings>;
  #value: Configuration;
  /** What the sensor holds; undefined where an update failed and could not be taken back. */
  #written: Configuration | undefined;

  constructor(access: RegisterAccess, value: Configuration, steps: ConfigurationSteps<Configuration, Settings>) {
    this.#access = access;
    this.#steps = steps;
    this.#value = value;
    this.#written = value;
  }

  get value(): Configuration {
    return this.#value;
  }

  get settings(): Settings {
    return this.#steps.settingsOf(this.#value);
  }

  /** Brings the sensor to another configuration. Throws "unsupported" where it would have to be started again. */
  *change(after: Configuration): Protocol {
    const { updateSteps, settingsOf, fixed } = this.#steps;
    const before = this.#value;
    for (const name in fixed) {
      if (before[name] === after[name]) continue;
      const what = `${fixed[name]} can be chosen only when the camera is opened`;
      throw protocolError("unsupported", "update configuration", what);
    }
    const isKnown = this.#written !== undefined;
    const change = {
      forward: { steps: updateSteps(this.#written, after), configuration: settingsOf(after) },
      back: { steps: updateSteps(isKnown ? after : undefined, before), configuration: settingsOf(before) },
      isKnown,
    };
    this.#written = undefined;
    yield* carryOutOrGoBack(change, this.#access, () => this.#written = before);
    this.#written = after;
    this.#value = after;
  }
}
