import type { CameraProperties, SensorProtocols } from "../driver.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";
import type { RegisterAccess } from "../../protocol/registers.ts";
import { Shutdown } from "../../protocol/shutdown.ts";
import { carryOut, type Step } from "../../protocol/steps.ts";
import type { Imx636Changes, Imx636Configuration } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { updateSteps } from "./live_update.ts";
import { type Imx636Model, propertiesOf } from "./model.ts";
import {
  type Imx636Sensors,
  luxFromCounter,
  MONITORS_OFF,
  readIlluminance,
  readPixelDeadTimeUs,
  readTemperatureCelsius,
} from "./monitors.ts";
import { DESTROY, STOP } from "./sequences.ts";

/** As in OpenEB: both are chosen before the start. */
const FIXED_WHILE_OPEN = [["clock", "the clock"], ["eventFormat", "the event format"]] as const;

/** An IMX636, or an IMX646, behind any board. The camera brings it up, by the steps of `sequences.ts` and its neighbours. */
export class Imx636 {
  /** Name and size. */
  readonly properties: CameraProperties;
  /** What it measures. */
  readonly sensors: SensorProtocols<Imx636Sensors>;
  readonly #access: RegisterAccess;
  readonly #shutdown = new Shutdown<Imx636Configuration>([
    // A slow camera shall rather stop than save what the monitors take.
    { steps: MONITORS_OFF, beginWithinMs: 500 },
    { steps: [...STOP, ...DESTROY] },
  ]);
  #configuration: Imx636Configuration;
  /** What the sensor holds, as far as it is known: an update that failed half-way leaves it unknown. */
  #written: Imx636Configuration | undefined;

  /** The configuration is the one with which the sensor is brought up. */
  constructor(access: RegisterAccess, configuration: Imx636Configuration, model: Imx636Model) {
    this.properties = propertiesOf(model);
    this.sensors = Object.freeze({
      temperatureCelsius: () => readTemperatureCelsius(access),
      illuminance: () => readIlluminance(access),
      *illuminanceLux(): Protocol<number> {
        return luxFromCounter(yield* readIlluminance(access));
      },
      pixelDeadTimeUs: () => readPixelDeadTimeUs(access),
    });
    this.#access = access;
    this.#configuration = configuration;
    this.#written = configuration;
  }

  /** A copy of the configuration in force. */
  get configuration(): Imx636Configuration {
    return checkConfiguration(undefined, this.#configuration);
  }

  /** Carries out a part of the bring-up. */
  carryOut(steps: readonly Step<Imx636Configuration>[]): Protocol {
    return carryOut(steps, this.#configuration, this.#access);
  }

  /** See `OpenCamera.update`. */
  *update(changes: Imx636Changes): Protocol {
    const configuration = checkConfiguration(changes, this.#configuration);
    for (const [name, what] of FIXED_WHILE_OPEN) {
      if (configuration[name] === this.#configuration[name]) continue;
      throw protocolError(
        "unsupported",
        "update configuration",
        `${what} can be chosen only when the camera is opened`,
      );
    }
    const steps = updateSteps(this.#written, configuration);
    this.#written = undefined;
    yield* carryOut(steps, configuration, this.#access);
    this.#written = configuration;
    this.#configuration = configuration;
  }

  /** See `OpenCamera.shutdown`. */
  shutdown(): Protocol {
    return this.#shutdown.run(this.#configuration, this.#access);
  }
}
