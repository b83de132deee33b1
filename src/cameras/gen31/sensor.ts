import { ConfigurationInForce } from "../../protocol/configuration_in_force.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import type { RegisterAccess } from "../../protocol/registers.ts";
import { Shutdown } from "../../protocol/shutdown.ts";
import { carryOut, type Step, write } from "../../protocol/steps.ts";
import type { CameraProperties, OpenSensor, SensorProtocols } from "../driver.ts";
import { luxFromCounter } from "../measuring.ts";
import { biasSteps } from "./biases.ts";
import { DEFAULT_CONFIGURATION, type Gen31Changes, type Gen31Configuration, HEIGHT, WIDTH } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { EXTERNAL_TRIGGER_STEP, NOISE_FILTER_STEPS, updateSteps } from "./live_update.ts";
import { maskSteps } from "./masks.ts";
import { type Gen31Sensors, readIlluminance, readTemperatureCelsius } from "./monitors.ts";
import { REGISTERS } from "./registers.ts";
import { CLOCK_STEP, DESTROY, INIT, START, STOP } from "./sequences.ts";

/** Name and size of every Gen3.1. */
const PROPERTIES: CameraProperties = Object.freeze({ width: WIDTH, height: HEIGHT, sensor: "Prophesee Gen3.1" });

/** A Gen3.1 with its FPGA, and the thermometer beside it, behind any board. */
export class Gen31 implements OpenSensor<Gen31Configuration, Gen31Changes, Gen31Sensors> {
  /** Name and size. */
  readonly properties = PROPERTIES;
  /** What the bytes of its stream mean. */
  readonly eventFormat = "evt3";
  /** What it measures. */
  readonly sensors: SensorProtocols<Gen31Sensors>;
  readonly #access: RegisterAccess;
  readonly #shutdown = new Shutdown<Gen31Configuration>([{ steps: [...STOP, ...DESTROY] }]);
  readonly #inForce: ConfigurationInForce<Gen31Configuration, Gen31Configuration>;

  /** The configuration is the one with which the sensor is brought up. */
  constructor(access: RegisterAccess, thermometer: RegisterAccess, configuration: Gen31Configuration) {
    this.sensors = Object.freeze({
      temperatureCelsius: () => readTemperatureCelsius(thermometer),
      illuminance: () => readIlluminance(access),
      *illuminanceLux(): Protocol<number> {
        return luxFromCounter(yield* readIlluminance(access));
      },
    });
    this.#access = access;
    this.#inForce = new ConfigurationInForce(access, configuration, {
      updateSteps,
      settingsOf: (same) => same,
      fixed: { clock: "the clock" },
    });
  }

  /** A copy of the configuration in force. */
  get configuration(): Gen31Configuration {
    return checkConfiguration(undefined, this.#inForce.value);
  }

  /** From any state to a sensor that is set up, with its pixels in reset. */
  setUp(): Protocol {
    return this.#carryOut([
      ...STOP,
      ...DESTROY,
      ...INIT,
      write(REGISTERS.lifoControl, { enable: 1 }),
      EXTERNAL_TRIGGER_STEP,
      write(REGISTERS.triggerOutEnable, {}),
      ...biasSteps(DEFAULT_CONFIGURATION.biases, this.#inForce.value.biases),
      ...maskSteps("in-reset"),
      CLOCK_STEP,
    ]);
  }

  /** From there to a stream without the burst of the start. */
  start(): Protocol {
    return this.#carryOut([...START, ...NOISE_FILTER_STEPS]);
  }

  /** See `OpenCamera.update`. */
  *update(changes: Gen31Changes): Protocol {
    yield* this.#inForce.change(checkConfiguration(changes, this.#inForce.value));
  }

  #carryOut(steps: readonly Step<Gen31Configuration>[]): Protocol {
    return carryOut(steps, this.#inForce.value, this.#access);
  }

  /** See `OpenCamera.shutdown`. */
  shutdown(): Protocol {
    return this.#shutdown.run(this.#inForce.value, this.#access);
  }
}
