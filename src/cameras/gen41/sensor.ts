import type { CameraProperties, OpenSensor, SensorProtocols } from "../driver.ts";
import { ConfigurationInForce } from "../../protocol/configuration_in_force.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import type { RegisterAccess } from "../../protocol/registers.ts";
import { Shutdown } from "../../protocol/shutdown.ts";
import { carryOut, type Step } from "../../protocol/steps.ts";
import { HEIGHT, WIDTH } from "../imx636/configuration.ts";
import { copyOf } from "../imx636/configuration_check.ts";
import { decoderFormat } from "../imx636/event_format.ts";
import { FIXED_WHILE_OPEN } from "../imx636/fixed_while_open.ts";
import { readIlluminance, readPixelDeadTimeUs, readTemperatureCelsius } from "../imx636/monitors.ts";
import { luxFromCounter } from "../measuring.ts";
import { biasStates, type Gen41BiasStates } from "./biases.ts";
import type { Gen41Changes, Gen41Configuration } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { updateSteps } from "./live_update.ts";
import { type Gen41Sensors, MONITORS_OFF } from "./monitors.ts";
import { REGISTERS } from "./registers.ts";
import { DESTROY, STOP } from "./sequences.ts";

/** Name and size of every Gen4.1. */
const PROPERTIES: CameraProperties = Object.freeze({ width: WIDTH, height: HEIGHT, sensor: "Prophesee Gen4.1" });

/** A Gen4.1 behind any board. The camera brings it up, by the steps of `sequences.ts` and its neighbours. */
export class Gen41 implements OpenSensor<Gen41Configuration, Gen41Changes, Gen41Sensors> {
  /** Name and size. */
  readonly properties = PROPERTIES;
  /** What the bytes of its stream mean. */
  readonly eventFormat: OpenSensor["eventFormat"];
  /** What it measures. */
  readonly sensors: SensorProtocols<Gen41Sensors>;
  readonly #access: RegisterAccess;
  readonly #shutdown = new Shutdown<Gen41Configuration>([
    // A slow camera shall rather stop than save what the monitors take.
    { steps: MONITORS_OFF, beginWithinMs: 500 },
    { steps: [...STOP, ...DESTROY] },
  ]);
  readonly #inForce: ConfigurationInForce<Gen41Configuration, Gen41Configuration>;

  /** The configuration is the one with which the sensor is brought up. */
  constructor(access: RegisterAccess, configuration: Gen41Configuration) {
    this.eventFormat = decoderFormat(configuration.eventFormat);
    this.sensors = Object.freeze({
      temperatureCelsius: () => readTemperatureCelsius(access, REGISTERS),
      illuminance: () => readIlluminance(access),
      *illuminanceLux(): Protocol<number> {
        return luxFromCounter(yield* readIlluminance(access));
      },
      pixelDeadTimeUs: () => readPixelDeadTimeUs(access, REGISTERS),
      biases: () => this.#biases(),
    });
    this.#access = access;
    this.#inForce = new ConfigurationInForce(access, configuration, {
      updateSteps,
      settingsOf: (same) => same,
      fixed: FIXED_WHILE_OPEN,
    });
  }

  /** A copy of the configuration in force. */
  get configuration(): Gen41Configuration {
    return copyOf(this.#inForce.value);
  }

  /** Carries out a part of the bring-up. */
  carryOut(steps: readonly Step<Gen41Configuration>[]): Protocol {
    return carryOut(steps, this.#inForce.value, this.#access);
  }

  /** See `OpenCamera.update`. */
  *update(changes: Gen41Changes): Protocol {
    yield* this.#inForce.change(checkConfiguration(changes, this.#inForce.value));
  }

  /** See `OpenCamera.shutdown`. */
  shutdown(): Protocol {
    return this.#shutdown.run(this.#inForce.value, this.#access);
  }

  // deno-lint-ignore require-yield
  *#biases(): Protocol<Gen41BiasStates> {
    return biasStates(this.#inForce.value.biases);
  }
}
