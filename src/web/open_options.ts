import { type Cameras, type CameraType, type CameraUsbId, drivers } from "../cameras/cameras.ts";
import { boolean, instanceOf, number, oneOf, options as optionsOf, wholeNumber } from "../checks.ts";
import { cameraUsbIds } from "../devices/common/usb_ids.ts";
import { checkUsb } from "./usb_checks.ts";
import type { Usb } from "./usb_types.ts";
import {
  completeWebUsbConfiguration,
  type WebUsbConfiguration,
  type WebUsbConfigurationChanges,
} from "./web_usb_configuration.ts";

/** Options of `open` that are the same for every camera. */
export interface CommonWebOpenOptions {
  /** Ids under which cameras may answer, beside those that the library knows. Default: none. */
  readonly usbIds?: readonly CameraUsbId[] | undefined;
  /** True: packets are the bytes as they came over USB (`Uint8Array`), not decoded. Default false. */
  readonly raw?: boolean | undefined;
  /**
   * Milliseconds after which an iteration gives `packet: undefined` when nothing came, from 0 to 2,147,483,647. Default:
   * it waits.
   */
  readonly iteratorTimeoutMs?: number | undefined;
  /**
   * The most raw packets (USB transfers) that one packet is made of, from 0 to 4,294,967,295; 0 = no limit. Default 64.
   * Other limits stay: a decoded packet has at most `maximumEventsPerPacket` events and is made of at most 262,144 bytes,
   * one in raw mode of at most 8 MiB, or of one raw packet.
   */
  readonly iteratorMaximumRawPackets?: number | undefined;
  /**
   * False (default): a packet is valid as long as it is held. True: a packet is valid until the next iteration; then it is
   * detached, and its memory is used again. Packets of raw mode are always valid as long as they are held.
   */
  readonly reuseBuffers?: boolean | undefined;
  /** Sizes of the transfers, and how many wait. */
  readonly usbConfiguration?: WebUsbConfigurationChanges | undefined;
  /** Aborting it stops opening, or closes the device; loops then throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where the device comes from: it tells of unplugging. Default: `navigator.usb`. */
  readonly usb?: Usb | undefined;
}

/** Options of `open` for a camera of one type, which may have a configuration. */
export interface WebOpenOptionsOf<Type extends CameraType> extends CommonWebOpenOptions {
  /** Type that the camera has to be of, for example `"prophesee-evk4"`. */
  readonly type: Type;
  /** What differs from the camera's default configuration. */
  readonly configuration?: Cameras[Type]["changes"] | undefined;
}

/** Options of `open` for a camera of any type. A configuration belongs to one type, so there is none. */
export interface WebOpenOptionsOfAny extends CommonWebOpenOptions {
  /** Without a type any camera is opened. */
  readonly type?: undefined;
  /** Needs a `type`. */
  readonly configuration?: undefined;
}

/** How `open` shall open a device: as a camera of any type, or as one of a type with its configuration. */
export type WebOpenOptions =
  | { readonly [Type in CameraType]: WebOpenOptionsOf<Type> }[CameraType]
  | WebOpenOptionsOfAny;

/** Options that were checked: those of any type, with the sizes completed. */
export interface CheckedWebOptions extends Omit<CommonWebOpenOptions, "usbConfiguration"> {
  readonly type?: CameraType | undefined;
  readonly configuration?: unknown;
  readonly usbConfiguration?: WebUsbConfiguration | undefined;
}

const checkOptions = optionsOf<CheckedWebOptions>("open", {
  type: oneOf(Object.keys(drivers) as CameraType[]),
  usbIds: cameraUsbIds,
  configuration: (value) => value, // its type says how
  raw: boolean,
  iteratorTimeoutMs: number(0, 2 ** 31 - 1),
  iteratorMaximumRawPackets: wholeNumber(0, 2 ** 32 - 1),
  reuseBuffers: boolean,
  usbConfiguration: completeWebUsbConfiguration,
  signal: instanceOf(AbortSignal, "an AbortSignal"),
  usb: checkUsb,
});

/** Checks the options of `open` before any USB traffic. Throws a `TypeError` or a `RangeError`. */
export function checkWebOpenOptions(options: WebOpenOptions): CheckedWebOptions {
  const checked = checkOptions(options);
  const { type, configuration } = checked;
  if (type !== undefined) return { ...checked, configuration: drivers[type].checkConfiguration(configuration) };
  if (configuration === undefined) return checked;
  const types = Object.keys(drivers).map((known) => `"${known}"`).join(" or ");
  throw new TypeError(`configuration must come with the type of its camera: type: ${types}`);
}
