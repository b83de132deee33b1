import { protocolError } from "../../protocol/failures.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { isGone, lacksMemory, undoing } from "../../protocol/failures.ts";
import { NeuromorphicError } from "../../errors.ts";
import type { CameraProperties, Firmware, OpenCamera, SensorProtocols } from "../driver.ts";
import { BRING_UP, IDENTIFICATION, SHUTDOWN } from "./bring_up.ts";
import { HEIGHT, type PropheseeEvk4Changes, type PropheseeEvk4Configuration, WIDTH } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { parseSerial } from "./identification.ts";
import { updateSteps } from "./live_update.ts";
import { luxFromCounter, readIlluminance, readTemperatureCelsius } from "./monitors.ts";
import { PROPERTIES } from "./protocol.ts";
import { Sequencer, type Step } from "./sequence.ts";

/** What an EVK4 measures beside its events. */
export interface PropheseeEvk4Sensors {
  /**
   * Temperature of the sensor in °C, in steps of 0.19 °C; how exact they are is unknown. The conversion is that of OpenEB
   * and neuromorphic-drivers.
   *
   * @throws {NeuromorphicError} "io", also where the sensor has no value ready (try again), "closed", "disconnected",
   * "protocol".
   */
  temperatureCelsius(): number;
  /**
   * Raw counter of the light meter, a whole number from 0 to 2^29 - 1: it measures a time, so smaller is brighter.
   *
   * @throws {NeuromorphicError} as {@link temperatureCelsius}.
   */
  illuminance(): number;
  /**
   * Illuminance in lux, a rough figure: the {@link illuminance} by OpenEB's curve, and neuromorphic-drivers' example has
   * another, which is 24 to 39 % higher between 0.09 and 8500 lx. Infinity for a counter of 0.
   *
   * @throws {NeuromorphicError} as {@link temperatureCelsius}.
   */
  illuminanceLux(): number;
}

/** An EVK4 that streams. See {@link OpenCamera}. */
class PropheseeEvk4 implements OpenCamera<PropheseeEvk4Configuration, PropheseeEvk4Changes, PropheseeEvk4Sensors> {
  readonly properties: CameraProperties = PROPERTIES_OF_EVERY_EVK4;
  readonly events = EVENTS;
  readonly serial: string;
  readonly firmware: Firmware;
  readonly sensors: SensorProtocols<PropheseeEvk4Sensors>;
  readonly #sequencer: Sequencer;
  #configuration: PropheseeEvk4Configuration;
  /** What the sensor holds, as far as it is known: an update that failed half-way leaves it unknown. */
  #written: PropheseeEvk4Configuration | undefined;
  #shutdown = SHUTDOWN;

  /** Use {@link openPropheseeEvk4}. */
  constructor(sequencer: Sequencer, serial: string, configuration: PropheseeEvk4Configuration) {
    const { connection } = sequencer;
    this.serial = serial;
    this.firmware = readFirmwareReplies(sequencer);
    this.sensors = Object.freeze({
      temperatureCelsius: () => readTemperatureCelsius(connection),
      illuminance: () => readIlluminance(connection),
      *illuminanceLux(): Protocol<number> {
        return luxFromCounter(yield* readIlluminance(connection));
      },
    });
    this.#sequencer = sequencer;
    this.#configuration = configuration;
    this.#written = configuration;
  }

  /** A copy of the configuration in force. */
  get configuration(): PropheseeEvk4Configuration {
    return checkConfiguration(undefined, this.#configuration);
  }

  *update(changes: PropheseeEvk4Changes): Protocol {
    const configuration = checkConfiguration(changes, this.#configuration);
    if (configuration.clock !== this.#configuration.clock) {
      // As in OpenEB: the time base is chosen before the start.
      const what = "the clock can be chosen only when the camera is opened";
      throw protocolError("unsupported", "update configuration", what);
    }
    const steps = updateSteps(this.#written, configuration);
    this.#written = undefined;
    yield* this.#sequencer.run(steps, configuration);
    this.#written = configuration;
    this.#configuration = configuration;
  }

  *shutdown(): Protocol {
    this.#shutdown = yield* shutDown(this.#sequencer, this.#configuration, this.#shutdown);
  }
}

const PROPERTIES_OF_EVERY_EVK4: CameraProperties = Object.freeze({
  width: WIDTH,
  height: HEIGHT,
  sensor: "Prophesee/Sony IMX636",
});

const EVENTS = Object.freeze({ endpoint: 0x81, format: "evt3" as const });

/** Identifies the camera and brings it up. See `CameraDriver.open`. */
export function* openPropheseeEvk4(configuration: PropheseeEvk4Configuration): Protocol<PropheseeEvk4> {
  const sequencer = new Sequencer();
  yield* sequencer.run(IDENTIFICATION, configuration);
  const camera = new PropheseeEvk4(
    sequencer,
    parseSerial(sequencer.replies.get(PROPERTIES.serial)),
    configuration,
  );
  // Nothing has changed in the sensor so far; from here on, a failure must be undone.
  yield* undoing(sequencer.run(BRING_UP, configuration), () => camera.shutdown());
  return camera;
}

/** A camera that answers nothing would otherwise hold the shutdown for a second or two with each of its writes. */
const MAXIMUM_FAILURES_IN_A_ROW = 3;

/**
 * Sends what it can of a shutdown sequence: goes on after a failed write, but not where the camera is gone or answers
 * nothing at all. Returns what is left to send when there is memory for transfers again.
 */
function* shutDown(
  sequencer: Sequencer,
  configuration: PropheseeEvk4Configuration,
  steps: readonly Step[],
): Protocol<readonly Step[]> {
  let failures = 0;
  for (const [position, step] of steps.entries()) {
    try {
      yield* sequencer.run([step], configuration);
      // Waits always succeed and prove nothing.
      if (step.op !== "wait") failures = 0;
    } catch (error) {
      if (!(error instanceof NeuromorphicError)) throw error;
      if (lacksMemory(error)) return steps.slice(position);
      ++failures;
      if (isGone(error) || failures === MAXIMUM_FAILURES_IN_A_ROW) return [];
    }
  }
  return [];
}

/** Release version: major, minor, patch in bits 31 to 16, 15 to 8, 7 to 0. Build date: Unix seconds, 64 bits. */
function readFirmwareReplies({ replies }: Sequencer): Firmware {
  const release = replies.get(PROPERTIES.releaseVersion);
  const date = replies.get(PROPERTIES.buildDate);
  return Object.freeze({
    version: release?.length === 4 ? `${release[2]! + 256 * release[3]!}.${release[1]}.${release[0]}` : undefined,
    buildDate: date?.length === 8 ? unixDate(date) : undefined,
  });
}

function unixDate(bytes: Uint8Array): Date {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Date(1_000 * (view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true)));
}
