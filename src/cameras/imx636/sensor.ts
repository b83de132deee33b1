import type { CameraProperties, OpenSensor, SensorProtocols } from "../driver.ts";
import { ConfigurationInForce } from "../../protocol/configuration_in_force.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import type { RegisterAccess } from "../../protocol/registers.ts";
import { Shutdown } from "../../protocol/shutdown.ts";
import { carryOut, type Step } from "../../protocol/steps.ts";
import { luxFromCounter } from "../measuring.ts";
import { biasesOn, type Imx636BiasCodes, type Imx636Chip } from "./bias_ranges.ts";
import { biasStates, CHIP_BIAS_STEPS, type Imx636Settings, readBiasCodes } from "./biases.ts";
import {
  DEFAULT_CONFIGURATION,
  type Imx636Changes,
  type Imx636Configuration,
  type Imx636Request,
} from "./configuration.ts";
import { checkConfiguration, copyOf } from "./configuration_check.ts";
import { decoderFormat } from "./event_format.ts";
import { FIXED_WHILE_OPEN } from "./fixed_while_open.ts";
import { updateSteps } from "./live_update.ts";
import { type Imx636Model, propertiesOf } from "./model.ts";
import {
  type Imx636BiasStates,
  type Imx636Sensors,
  MONITORS_OFF,
  readIlluminance,
  readPixelDeadTimeUs,
  readTemperatureCelsius,
} from "./monitors.ts";
import { DESTROY, STOP } from "./sequences.ts";

/** An IMX636, or an IMX646, behind any board. The camera brings it up, by the steps of `sequences.ts` and its neighbours. */
export class Imx636 implements OpenSensor<Imx636Configuration, Imx636Changes, Imx636Sensors> {
  /** Name and size. */
  readonly properties: CameraProperties;
  /** What the bytes of its stream mean. */
  readonly eventFormat: OpenSensor["eventFormat"];
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
  #chipCodes: Imx636BiasCodes | undefined;
  #inForce: ConfigurationInForce<Imx636Configuration, Imx636Settings>;

  /** The request is the one with which the sensor is brought up. */
  constructor(access: RegisterAccess, request: Imx636Request, model: Imx636Model) {
    this.properties = propertiesOf(model);
    this.eventFormat = decoderFormat(request.eventFormat);
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
    this.#inForce = this.#begin({ ...request, biases: DEFAULT_CONFIGURATION.biases });
  }

  /** A copy of the configuration in force. */
  get configuration(): Imx636Configuration {
    return copyOf(this.#inForce.value);
  }

  /** Carries out a part of the bring-up. */
  carryOut(steps: readonly Step<Imx636Settings>[]): Protocol {
    return carryOut(steps, this.#inForce.settings, this.#access);
  }

  /**
   * Reads the chip's own biases, after its reset and before any is written, and completes the configuration with them.
   * Throws a `RangeError` where the chip cannot have what was asked for.
   */
  *readChip(): Protocol {
    this.#chipCodes = yield* readBiasCodes(this.#access);
    this.#inForce = this.#begin(this.#complete(this.#request));
  }

  /** See `OpenCamera.update`. */
  *update(changes: Imx636Changes): Protocol {
    yield* this.#inForce.change(this.#complete(checkConfiguration(changes, this.#inForce.value)));
  }

  /** See `OpenCamera.shutdown`. */
  shutdown(): Protocol {
    return this.#shutdown.run(this.#inForce.settings, this.#access);
  }

  // deno-lint-ignore require-yield
  *#biases(): Protocol<Imx636BiasStates> {
    return biasStates(this.#chip(), this.#inForce.value.biases);
  }

  #begin(configuration: Imx636Configuration): ConfigurationInForce<Imx636Configuration, Imx636Settings> {
    const settingsOf = (some: Imx636Configuration) => ({ ...some, chipCodes: this.#chipCodes });
    return new ConfigurationInForce(this.#access, configuration, { updateSteps, settingsOf, fixed: FIXED_WHILE_OPEN });
  }

  #complete(request: Imx636Request): Imx636Configuration {
    return Object.freeze({ ...request, biases: biasesOn(this.#chip(), request) });
  }

  /** Open cameras have one. */
  #chip(): Imx636Chip {
    return { model: this.#model, codes: this.#chipCodes! };
  }
}
