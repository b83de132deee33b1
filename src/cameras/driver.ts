import type { Geometry } from "../types.ts";
import type { UsbHandle } from "../usb/usb_handle.ts";
import type { Settling } from "../protocol/settling.ts";

/** A vendor and product id under which a camera may answer. */
export interface UsbId {
  readonly vendorId: number;
  readonly productId: number;
  /** The product that has this id, for example `"CenturyArks SilkyEvCam HD"`. */
  readonly description: string;
}

/** What is the same for every camera of a type. */
export interface CameraProperties extends Geometry {
  /** Name of the sensor. */
  readonly sensor: string;
  /** What the bytes of the event endpoint mean. */
  readonly eventFormat: "evt3";
}

/** What a camera says about its firmware; undefined where it does not answer. */
export interface Firmware {
  /** Release version, for example `"3.9.0"`. */
  readonly version: string | undefined;
  /** When it was built. */
  readonly buildDate: Date | undefined;
}

/** How {@link CameraDriver.open} shall open a camera. */
export interface OpenCameraOptions<Configuration> {
  /** A configuration that {@link CameraDriver.checkConfiguration} returned. */
  readonly configuration: Configuration;
  /** How to wait for the sensor. */
  readonly settling: Settling;
  /** Ends the bring-up early: the camera is shut down and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Everything that the library knows about one type of camera. Drivers speak to a camera through a {@link UsbHandle}
 * only; the event stream is not theirs.
 *
 * `Configuration` is complete; `Changes` names only some of its parts.
 */
export interface CameraDriver<Configuration = unknown, Changes = unknown> {
  /** Name for people, for example `"Prophesee EVK4"`. */
  readonly name: string;
  /** Name for programs, for example `"prophesee-evk4"`. */
  readonly type: string;
  /** The ids under which such a camera may answer. Other cameras may share them: see {@link readSerial}. */
  readonly usbIds: readonly UsbId[];
  readonly properties: CameraProperties;
  /** Bulk IN endpoint of the event stream. */
  readonly eventsEndpoint: number;
  /** The interface to claim. */
  readonly interfaceNumber: number;
  /** What a camera is configured with where nothing else is said. */
  readonly defaultConfiguration: Configuration;
  /**
   * Completes and copies a configuration, without USB traffic. What `value` does not name is taken from `base`
   * (the default configuration where not given).
   *
   * Throws a `TypeError` or a `RangeError` with name, value and range.
   */
  checkConfiguration(value: Changes | undefined, base?: Configuration): Configuration;
  /**
   * Reads the serial, which also identifies the camera: undefined means that another device answers. The interface
   * must have been claimed. Throws a `NeuromorphicError`.
   */
  readSerial(handle: UsbHandle): string | undefined;
  /**
   * Brings the camera up; it streams when this resolves. The handle must have its interface claimed, and stays its
   * owner's. On failure the camera is shut down as far as it still answers.
   *
   * Throws a `NeuromorphicError`, or the reason of the signal.
   */
  open(
    handle: UsbHandle,
    options: OpenCameraOptions<Configuration>,
  ): Promise<OpenCamera<Configuration, Changes>>;
}

/** A camera that streams. Its methods are synchronous: each is a few USB transfers of some 100 µs. */
export interface OpenCamera<Configuration = unknown, Changes = unknown> {
  /** Serial number in upper-case hexadecimal. */
  readonly serial: string;
  readonly firmware: Firmware;
  /** The configuration in force. */
  readonly configuration: Configuration;
  /**
   * Changes what `changes` names and leaves the rest as it is. Only what differs goes on the bus.
   *
   * Throws a `TypeError` or a `RangeError` before any traffic, or a `NeuromorphicError`.
   */
  updateConfiguration(changes: Changes): void;
  /** Temperature of the sensor in °C. Throws a `NeuromorphicError`. */
  temperatureCelsius(): number;
  /** Raw counter of the light meter (smaller is brighter). Throws a `NeuromorphicError`. */
  illuminance(): number;
  /** Illuminance in lux, a rough figure. Throws a `NeuromorphicError`. */
  illuminanceLux(): number;
  /**
   * Sends the shutdown sequence. Never throws; does nothing when the camera is gone. The handle stays open: stop the
   * stream's transfers after this, call it again, then close the handle.
   *
   * Called again it does nothing, but where the system had no memory for a command's transfer: then it goes on with
   * that command.
   */
  close(): void;
}
