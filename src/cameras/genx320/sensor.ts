import { ConfigurationInForce } from "../../protocol/configuration_in_force.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import type { RegisterAccess } from "../../protocol/registers.ts";
import { Shutdown } from "../../protocol/shutdown.ts";
import { carryOut, type Step } from "../../protocol/steps.ts";
import type { CameraProperties, OpenSensor, SensorProtocols } from "../driver.ts";
import { FIXED_WHILE_OPEN } from "../imx636/fixed_while_open.ts";
import { ACTIVITY_FIGURES } from "./activity_filter.ts";
import { biasStates, type Genx320BiasStates, initialBiases } from "./biases.ts";
import {
  DEFAULT_REQUEST,
  type Genx320Biases,
  type Genx320Changes,
  type Genx320Configuration,
  type Genx320Request,
} from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { CROP_DROPS } from "./digital_crop.ts";
import { checkFormat, decoderFormat, EVENT_FORMAT } from "./event_format.ts";
import { updateSteps } from "./live_update.ts";
import { type Genx320Model, propertiesOf, SEQUENCES, type Sequences } from "./model.ts";
import {
  type Genx320Sensors,
  luxFromCounter,
  MONITORS,
  readIlluminance,
  readPixelDeadTimeUs,
  readTemperatureCelsius,
} from "./monitors.ts";
import { RATE_FIGURES } from "./rate_limiter.ts";
import { ALL_PIXELS } from "./regions.ts";
import { CLOCK_STEPS, EXTERNAL_TRIGGER_STEPS } from "./synchronisation.ts";

/** A GenX320 behind any board. */
export class Genx320 implements OpenSensor<Genx320Configuration, Genx320Changes, Genx320Sensors> {
  /** Name and size. */
  readonly properties: CameraProperties;
  /** What the bytes of its stream mean. */
  readonly eventFormat: OpenSensor["eventFormat"];
  /** What it measures. */
  readonly sensors: SensorProtocols<Genx320Sensors>;
  readonly #access: RegisterAccess;
  readonly #model: Genx320Model;
  readonly #sequences: Sequences;
  readonly #shutdown: Shutdown<Genx320Configuration>;
  readonly #inForce: ConfigurationInForce<Genx320Configuration, Genx320Configuration>;

  /**
   * The request is the one with which the sensor is brought up. Throws a `RangeError` where this model cannot have it.
   */
  constructor(access: RegisterAccess, request: Genx320Request, model: Genx320Model) {
    checkFormat(request.eventFormat, model);
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
    this.#sequences = SEQUENCES[model];
    this.#shutdown = new Shutdown([{ steps: [...this.#sequences.stop, ...this.#sequences.destroy] }]);
    const biases = Object.freeze({ ...initialBiases(model), ...request.biases }) as Genx320Biases;
    this.#inForce = new ConfigurationInForce(access, Object.freeze({ ...request, biases }), {
      updateSteps,
      settingsOf: (same) => same,
      fixed: FIXED_WHILE_OPEN,
    });
  }

  /** The configuration in force, which is frozen. */
  get configuration(): Genx320Configuration {
    return this.#inForce.value;
  }

  /** From any state to a sensor that is set up, with its pixels in reset. */
  *setUp(): Protocol {
    const { init, stop, destroy } = this.#sequences;
    const initial = { ...DEFAULT_REQUEST, biases: initialBiases(this.#model) };
    // The filters' figures and the trigger are always written; the rest where it is not what the initialisation leaves.
    const { externalTrigger } = this.#inForce.value;
    yield* this.#carryOut([
      ...stop,
      ...destroy,
      ...init,
      ...MONITORS,
      ...EVENT_FORMAT,
      ...ALL_PIXELS,
      ...RATE_FIGURES,
      ...ACTIVITY_FIGURES,
      CROP_DROPS,
      ...CLOCK_STEPS,
      ...EXTERNAL_TRIGGER_STEPS,
      ...updateSteps({ ...initial, externalTrigger }, this.#inForce.value),
    ]);
  }

  /** From there to a stream. */
  start(): Protocol {
    return this.#carryOut(this.#sequences.start);
  }

  /** See `OpenCamera.update`. */
  *update(changes: Genx320Changes): Protocol {
    yield* this.#inForce.change(checkConfiguration(changes, this.#inForce.value));
  }

  /** See `OpenCamera.shutdown`. */
  shutdown(): Protocol {
    return this.#shutdown.run(this.#inForce.value, this.#access);
  }

  // deno-lint-ignore require-yield
  *#biases(): Protocol<Genx320BiasStates> {
    return biasStates(this.#inForce.value.biases);
  }

  #carryOut(steps: readonly Step<Genx320Configuration>[]): Protocol {
    return carryOut(steps, this.#inForce.value, this.#access);
  }
}
