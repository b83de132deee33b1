/** Options of `open` that libusb and web pages have in common. */

import { type Cameras, cameras, type CameraType, cameraTypes, type CameraUsbId } from "../../cameras/cameras.ts";
import { boolean, instanceOf, number, oneOf, wholeNumber } from "../../checks.ts";
import { cameraUsbIds } from "./usb_ids.ts";

/** How a camera shall stream, by libusb and in a web page. */
export interface StreamingOptions {
  /**
   * Ids under which cameras may answer, beside those that the library knows: for boards that are sold under a maker's
   * own ids, `[{ vendorId: 0x1234, productId: 0xabcd, type: "prophesee-evk4" }]`. A device with such ids is asked who it
   * is as any other, and is not opened where it has another sensor. Default: none.
   */
  readonly usbIds?: readonly CameraUsbId[] | undefined;
  /** True: packets are the bytes as they came over USB (`Uint8Array`), not decoded. Default false. */
  readonly raw?: boolean | undefined;
  /**
   * Milliseconds after which an iteration gives `packet: undefined` when nothing came, from 0 to 2,147,483,647. Default:
   * it waits. Real cameras send time words even in the dark, so this happens when the output is off or a cable is bad.
   */
  readonly iteratorTimeoutMs?: number | undefined;
  /**
   * The most raw packets (USB transfers) that one packet is made of, from 0 to 4,294,967,295; 0 = no limit. Default 64.
   * Smaller values give smaller packets under load; without load packets are made of what is there. Other limits stay:
   * a decoded packet has at most `maximumEventsPerPacket` events, and in a web page is made of at most 262,144 bytes; one
   * in raw mode has at most 8 MiB, or is one raw packet.
   */
  readonly iteratorMaximumRawPackets?: number | undefined;
  /**
   * False (default): a packet is valid as long as it is held, also by a write or a send that is pending. That costs
   * allocation, which grows with the events: little for an ordinary scene, and most under Node (`deno task bench`
   * measures it). True: a packet is valid until the next iteration; then it is detached, and its memory is used again. In a
   * web page only its clone can be moved to a Worker then. Packets of raw mode are always valid as long as they are held.
   */
  readonly reuseBuffers?: boolean | undefined;
  /** Aborting it stops opening, or closes the device; loops then throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A camera of one type, which may have a configuration. */
export interface CameraOfType<Type extends CameraType> {
  /** Type that the camera has to be of, for example `"prophesee-evk4"`. */
  readonly type: Type;
  /** What differs from the camera's default configuration. */
  readonly configuration?: Cameras[Type]["changes"] | undefined;
}

/** A camera of any type. A configuration belongs to one type, so there is none. */
export interface CameraOfAnyType {
  /** Without a type any camera is opened. */
  readonly type?: undefined;
  /** Needs a `type`. */
  readonly configuration?: undefined;
}

/** Options that were checked: of any type, the configuration as its type has checked it. */
export interface CheckedCamera {
  readonly type?: CameraType | undefined;
  readonly configuration?: unknown;
}

/**
 * A copy of a configuration: while the driver is loaded that checks it, the program may change its own. What cannot be
 * copied, as a function, is left to the check, which refuses it.
 */
function asGiven(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}

/** How each of these options is checked. */
export const cameraOptionChecks = {
  type: oneOf(cameraTypes),
  usbIds: cameraUsbIds,
  configuration: asGiven, // its type says how
  raw: boolean,
  iteratorTimeoutMs: number(0, 2 ** 31 - 1),
  iteratorMaximumRawPackets: wholeNumber(0, 2 ** 32 - 1),
  reuseBuffers: boolean,
  signal: instanceOf(AbortSignal, "an AbortSignal"),
};

/**
 * Checks a configuration by the type of its camera, whose driver is loaded for that. Throws a `TypeError` or a
 * `RangeError`, a `TypeError` also for one that comes without its type.
 */
export async function checkConfiguration<Checked extends CheckedCamera>(checked: Checked): Promise<Checked> {
  const { type, configuration } = checked;
  if (type !== undefined) {
    const driver = await cameras[type].loadDriver();
    return { ...checked, configuration: driver.checkConfiguration(configuration) };
  }
  if (configuration === undefined) return checked;
  const types = cameraTypes.map((known) => `"${known}"`).join(" or ");
  throw new TypeError(`configuration must come with the type of its camera: type: ${types}`);
}
