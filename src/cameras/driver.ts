import type { EventFormat } from "../decoder/decoder.ts";
import type { Protocol } from "../protocol/exchange.ts";
import type { Geometry } from "../types.ts";

/** A vendor and product id under which a camera may answer. */
export interface UsbId {
  readonly vendorId: number;
  readonly productId: number;
  /** The product that has this id, for example `"CenturyArks SilkyEvCam HD"`. */
  readonly name: string;
}

/** What an opened camera is. */
export interface CameraProperties extends Geometry {
  /** Name of the sensor. */
  readonly sensor: string;
}

/** What a camera says about its firmware; undefined where it does not answer. */
export interface Firmware {
  /** Release version, for example `"3.9.0"`. */
  readonly version: string | undefined;
  /** When it was built. */
  readonly buildDate: Date | undefined;
  /**
   * Why another release is better, in a sentence: `"firmware 3.7.1 is older than 3.8.0, …"`. Undefined where nothing
   * speaks against this one.
   */
  readonly warning: string | undefined;
}

/** What a device with a driver's ids is. */
export type Identity =
  /** One of the driver's cameras, with its serial in upper-case hexadecimal. */
  | { readonly isOurs: true; readonly serial: string }
  /** Another device, and what it said instead: `"system byte 0x30; …"`. */
  | { readonly isOurs: false; readonly said: string };

/** What a camera can measure, as programs call it: functions by their names. */
// deno-lint-ignore no-explicit-any
export type Sensors = Readonly<Record<string, (...parameters: any[]) => unknown>>;

/** The same functions as protocols. */
export type SensorProtocols<S> = {
  readonly [Name in keyof S]: S[Name] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => Protocol<Result>
    : never;
};

/**
 * Everything that the library knows about one type of camera. Drivers do no I/O: they say what shall go over the bus
 * (see {@link Protocol}). The event stream is not theirs.
 *
 * `Configuration` is complete; `Changes` names only some of its parts; `S` is what such a camera can measure. `Request` is
 * a checked configuration before the camera is known: that of a camera that completes it may hold more.
 */
export interface CameraDriver<Configuration = unknown, Changes = unknown, S = Sensors, Request = Configuration> {
  /** Name for programs, for example `"prophesee-evk4"`. */
  readonly type: string;
  /** The interface to claim. */
  readonly interfaceNumber: number;
  /** Bulk IN endpoint of the event stream. */
  readonly eventsEndpoint: number;
  /**
   * Asks a device, opened and with its interface claimed, who it is. Lists of devices do that, so it is cheap, and
   * harmless to other devices with the same ids. The name is not asked here: it is what the device's strings say.
   *
   * Throws a `NeuromorphicError`.
   */
  identify(): Protocol<Identity>;
  /**
   * Completes and copies a configuration, without USB traffic. What `changes` does not name is taken from `base`
   * (the default configuration where not given).
   *
   * Throws a `TypeError` or a `RangeError` with name, value and range.
   */
  checkConfiguration(changes: unknown, base?: Configuration): Request;
  /**
   * Checks that the camera has the driver's sensor and brings it up; it streams when this returns. Where it fails or is aborted, it shuts
   * the camera down again as far as that still answers.
   *
   * `configuration` is one that {@link checkConfiguration} returned. Throws a `NeuromorphicError`, or a `RangeError` for a
   * value that this camera cannot take; nothing of the configuration has been written then.
   */
  open(configuration: Request): Protocol<OpenCamera<Configuration, Changes, S>>;
}

/** A sensor behind any board. Its protocols must not run at the same time: each has the bus to itself. */
export interface OpenSensor<Configuration = unknown, Changes = unknown, S = Sensors> {
  readonly properties: CameraProperties;
  /** What the bytes of the event endpoint mean. */
  readonly eventFormat: EventFormat;
  /**
   * What the header of a RAW file says of such a camera beside its serial, by the keys that RAW files have:
   * `sensor_generation`, `sensor_name`, `system_ID`. Undefined where Prophesee's files do not know it.
   */
  readonly rawHeader?: Readonly<Record<string, string>> | undefined;
  /** A copy of the configuration in force. */
  readonly configuration: Configuration;
  /**
   * Changes what `changes` names and leaves the rest as it is. Only what differs goes on the bus.
   *
   * Throws a `TypeError` or a `RangeError` before any exchange, or a `NeuromorphicError`.
   */
  update(changes: Changes): Protocol;
  /** What it can measure. Each throws a `NeuromorphicError`. */
  readonly sensors: SensorProtocols<S>;
  /**
   * Stops the sensor, within two seconds. Goes on after a failed transfer, and gives up where the camera is gone or
   * answers nothing; throws no `NeuromorphicError`.
   *
   * Run again it does nothing, but where the system had no memory for a transfer: then it goes on with what is left.
   */
  shutdown(): Protocol;
}

/** What a board says of itself. */
export interface CameraIdentity {
  /** Serial number in upper-case hexadecimal. */
  readonly serial: string;
  readonly firmware: Firmware;
}

/** A camera that streams. */
export interface OpenCamera<Configuration = unknown, Changes = unknown, S = Sensors>
  extends CameraIdentity, OpenSensor<Configuration, Changes, S> {}
