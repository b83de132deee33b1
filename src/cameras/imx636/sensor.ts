import type { CameraProperties, SensorProtocols } from "../driver.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import type { RegisterAccess } from "../../protocol/registers.ts";
import { carryOutOrGoBack, type ReversibleChange } from "../../protocol/rollback.ts";
import { Shutdown } from "../../protocol/shutdown.ts";
import { carryOut, type Step } from "../../protocol/steps.ts";
import { biasesOn, type Imx636BiasCodes, type Imx636Chip } from "./bias_ranges.ts";
import { biasStates, CHIP_BIAS_STEPS, type Imx636Settings, readBiasCodes } from "./biases.ts";
import {
  DEFAULT_CONFIGURATION,
  type Imx636Changes,
  type Imx636Configuration,
  type Imx636Request,
} from "./configuration.ts";
import { checkConfiguration, copyOf } from "./configuration_check.ts";
import { refuseFixedChanges } from "./fixed_while_open.ts";
import { updateSteps } from "./live_update.ts";
import { type Imx636Model, propertiesOf } from "./model.ts";
import {
  type Imx636BiasStates,
  type Imx636Sensors,
  luxFromCounter,
  MONITORS_OFF,
  readIlluminance,
  readPixelDeadTimeUs,
  readTemperatureCelsius,
} from "./monitors.ts";
import { DESTROY, STOP } from "./sequences.ts";

/** An IMX636, or an IMX646, behind any board. The camera brings it up, by the steps of `sequences.ts` and its neighbours. */
export class Imx636 {
  /** Name and size. */
  readonly properties: CameraProperties;
  /** What it measures. */
  readonly sensors: SensorProtocols<Imx636Sensors>;
  readonly #access: RegisterAccess;
  readonly #model: Imx636Model;
  readonly #shutdown = new Shutdown<Imx636Settings>([
    // A slow camera shall rather stop than get its codes back and save what the monitors take.
    { steps: [...CHIP_BIAS_STEPS, ...MONITORS_OFF], beginWithinMs: 500 },
    { steps: [...STOP, ...DESTROY] },
  ]);
  /** What was asked for before the chip was known. */
  readonly #request: Imx636Request;
  #configuration: Imx636Configuration;
  #chipCodes: Imx636BiasCodes | undefined;
  /** What the sensor holds; undefined where an update failed and could not be taken back. */
  #written: Imx636Configuration | undefined;

  /** The request is the one with which the sensor is brought up. */
  constructor(access: RegisterAccess, request: Imx636Request, model: Imx636Model) {
    this.properties = propertiesOf(model);
    this.sensors = Object.freeze({
      temperatureCelsius: () => readTemperatureCelsius(access),
      illuminance: () => readIlluminance(access),
      *illuminanceLux(): Protocol<number> {
        return luxFromCounter(yield* readIlluminance(access));
      },
      pixelDeadTimeUs: () => readPixelDeadTimeUs(access),
      biases: () => this.#biases(),
    });
    this.#access = access;
    this.#model = model;
    this.#request = request;
    this.#configuration = { ...request, biases: DEFAULT_CONFIGURATION.biases };
  }

  /** A copy of the configuration in force. */
  get configuration(): Imx636Configuration {
    return copyOf(this.#configuration);
  }

  /** Carries out a part of the bring-up. */
  carryOut(steps: readonly Step<Imx636Settings>[]): Protocol {
    return carryOut(steps, this.#settings(this.#configuration), this.#access);
  }

  /**
   * Reads the chip's own biases, after its reset and before any is written, and completes the configuration with them.
   * Throws a `RangeError` where the chip cannot have what was asked for.
   */
  *readChip(): Protocol {
    this.#chipCodes = yield* readBiasCodes(this.#access);
    this.#configuration = this.#complete(this.#request);
    this.#written = this.#configuration;
  }

  /** See `OpenCamera.update`. */
  *update(changes: Imx636Changes): Protocol {
    const configuration = this.#complete(checkConfiguration(changes, this.#configuration));
    refuseFixedChanges(this.#configuration, configuration);
    const change = this.#changeTo(configuration);
    this.#written = undefined;
    yield* carryOutOrGoBack(change, this.#access, () => this.#written = this.#configuration);
    this.#written = configuration;
    this.#configuration = configuration;
  }

  /** See `OpenCamera.shutdown`. */
  shutdown(): Protocol {
    return this.#shutdown.run(this.#settings(this.#configuration), this.#access);
  }

  // deno-lint-ignore require-yield
  *#biases(): Protocol<Imx636BiasStates> {
    return biasStates(this.#chip(), this.#configuration.biases);
  }

  #changeTo(configuration: Imx636Configuration): ReversibleChange<Imx636Settings> {
    const isKnown = this.#written !== undefined;
    const steps = updateSteps(this.#written, configuration);
    const stepsBack = updateSteps(isKnown ? configuration : undefined, this.#configuration);
    return {
      forward: { steps, configuration: this.#settings(configuration) },
      back: { steps: stepsBack, configuration: this.#settings(this.#configuration) },
      isKnown,
    };
  }

  #complete(request: Imx636Request): Imx636Configuration {
    return Object.freeze({ ...request, biases: biasesOn(this.#chip(), request) });
  }

  /** Open cameras have one. */
  #chip(): Imx636Chip {
    return { model: this.#model, codes: this.#chipCodes! };
  }

  #settings(configuration: Imx636Configuration): Imx636Settings {
    return { ...configuration, chipCodes: this.#chipCodes };
  }
}
