import { NeuromorphicError } from "../../errors.ts";
import { lacksMemory } from "../../usb/errors.ts";
import type { UsbHandle } from "../../usb/usb_handle.ts";
import type { Firmware, OpenCamera, OpenCameraOptions } from "../driver.ts";
import { BRING_UP, IDENTIFICATION, SHUTDOWN } from "./bring_up.ts";
import type { PropheseeEvk4Biases, PropheseeEvk4Changes, PropheseeEvk4Configuration } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { parseSerial } from "./identification.ts";
import { BIAS_REGISTERS, updateSteps } from "./live_update.ts";
import { luxFromCounter, readIlluminance, readTemperatureCelsius } from "./monitors.ts";
import { PROPERTIES } from "./protocol.ts";
import { fieldOf } from "../imx636/registers.ts";
import { Sequencer, type Step } from "./sequence.ts";

/** An EVK4 that streams. See {@link OpenCamera}. */
export class PropheseeEvk4 implements OpenCamera<PropheseeEvk4Configuration, PropheseeEvk4Changes> {
  readonly serial: string;
  readonly firmware: Firmware;
  /**
   * Biases found when the camera was opened, before its reset: those that an earlier program left. No program sees them:
   * they are read because neuromorphic-drivers does, whose transfers ours equal.
   */
  readonly previousBiases: PropheseeEvk4Biases;
  readonly #sequencer: Sequencer;
  #configuration: PropheseeEvk4Configuration;
  /** What the sensor holds, as far as it is known: an update that failed half-way leaves it unknown. */
  #written: PropheseeEvk4Configuration | undefined;
  #closed = false;
  #shutdown = SHUTDOWN;

  /** Use {@link openPropheseeEvk4}. */
  constructor(sequencer: Sequencer, serial: string, configuration: PropheseeEvk4Configuration) {
    this.serial = serial;
    this.firmware = readFirmwareReplies(sequencer);
    this.previousBiases = readPreviousBiases(sequencer);
    this.#sequencer = sequencer;
    this.#configuration = configuration;
    this.#written = configuration;
  }

  /** A copy of the configuration in force. */
  get configuration(): PropheseeEvk4Configuration {
    return checkConfiguration(undefined, this.#configuration);
  }

  updateConfiguration(changes: PropheseeEvk4Changes): void {
    const configuration = checkConfiguration(changes, this.#configuration);
    this.#checkOpen("update configuration");
    if (configuration.clock !== this.#configuration.clock) {
      // As in OpenEB: the time base is chosen before the start.
      throw this.#error(
        "unsupported",
        "update configuration",
        "the clock can be chosen only when the camera is opened",
      );
    }
    const steps = updateSteps(this.#written, configuration);
    this.#written = undefined;
    this.#sequencer.runSync(steps, configuration);
    this.#written = configuration;
    this.#configuration = configuration;
  }

  temperatureCelsius(): number {
    this.#checkOpen("read temperature");
    return readTemperatureCelsius(this.#sequencer.connection);
  }

  illuminance(): number {
    this.#checkOpen("read illuminance");
    return readIlluminance(this.#sequencer.connection);
  }

  illuminanceLux(): number {
    return luxFromCounter(this.illuminance());
  }

  close(): void {
    this.#closed = true;
    this.#shutdown = shutDown(this.#sequencer, this.#configuration, this.#shutdown);
  }

  #checkOpen(operation: string): void {
    if (this.#closed) throw this.#error("closed", operation, "the camera was closed");
  }

  #error(code: "closed" | "unsupported", operation: string, what: string): NeuromorphicError {
    const device = this.#sequencer.handle.description;
    return new NeuromorphicError(code, `${device}: ${operation}: ${what}`, { operation, device });
  }
}

/** Identifies the camera and brings it up. See `CameraDriver.open`. */
export async function openPropheseeEvk4(
  handle: UsbHandle,
  { configuration, settling, signal }: OpenCameraOptions<PropheseeEvk4Configuration>,
): Promise<PropheseeEvk4> {
  const sequencer = new Sequencer(handle, settling);
  await sequencer.run(IDENTIFICATION, configuration, signal);
  const serial = parseSerial(sequencer.connection, sequencer.replies.get(PROPERTIES.serial));
  // Nothing has changed in the sensor so far; from here on, a failure must be undone.
  try {
    await sequencer.run(BRING_UP, configuration, signal);
    signal?.throwIfAborted();
  } catch (error) {
    if (!isDisconnected(error)) shutDown(sequencer, configuration, SHUTDOWN);
    throw error;
  }
  return new PropheseeEvk4(sequencer, serial, configuration);
}

/** A camera that answers nothing would otherwise hold the shutdown for a second or two with each of its writes. */
const MAXIMUM_FAILURES_IN_A_ROW = 3;

/**
 * Sends what it can of a shutdown sequence: goes on after a failed write, but not where the camera is gone or answers
 * nothing at all. Returns what is left to send when there is memory for transfers again.
 */
function shutDown(
  sequencer: Sequencer,
  configuration: PropheseeEvk4Configuration,
  steps: readonly Step[],
): readonly Step[] {
  let failures = 0;
  for (const [position, step] of steps.entries()) {
    try {
      sequencer.runSync([step], configuration);
      // Waits always succeed and prove nothing.
      if (step.op !== "wait") failures = 0;
    } catch (error) {
      if (lacksMemory(error)) return steps.slice(position);
      ++failures;
      if (isDisconnected(error) || failures === MAXIMUM_FAILURES_IN_A_ROW) return [];
    }
  }
  return [];
}

function isDisconnected(error: unknown): boolean {
  return error instanceof NeuromorphicError && (error.code === "disconnected" || error.code === "closed");
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

function readPreviousBiases({ words }: Sequencer): PropheseeEvk4Biases {
  const codes = BIAS_REGISTERS.map(([name, register]) => [name, fieldOf(register, "idacCtl", words.get(register)!)]);
  return Object.freeze(Object.fromEntries(codes)) as PropheseeEvk4Biases;
}
