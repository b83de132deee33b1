import { type Cameras, type CameraType, type CameraUsbId, drivers } from "../cameras/cameras.ts";
import { boolean, instanceOf, number, oneOf, options as optionsOf, wholeNumber } from "../checks.ts";
import {
  completeUsbConfiguration,
  type UsbConfiguration,
  type UsbConfigurationChanges,
} from "../stream/usb_configuration.ts";
import type { LibusbSelection } from "../types.ts";
import { libusbSelection } from "../usb/libusb.ts";
import { serialText } from "./serial.ts";
import { cameraUsbIds } from "./common/usb_ids.ts";

/** Options of {@link open} that are the same for every camera. */
export interface CommonOpenOptions {
  /**
   * Serial of the wanted camera, a hexadecimal number: `"00050ABC"`, `"50abc"`, or as Metavision names cameras,
   * `"Prophesee:hal_plugin_imx636_evk4:00050abc"`. Without it the first camera found is opened.
   */
  readonly serial?: string | undefined;
  /** Which libusb-1.0 to use: `"system"` (default), `"virtual"` (the virtual camera), or the path of a library. */
  readonly libusb?: LibusbSelection | undefined;
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
   * a decoded packet has at most `maximumEventsPerPacket` events, one in raw mode at most 8 MiB, or one raw packet.
   */
  readonly iteratorMaximumRawPackets?: number | undefined;
  /**
   * False (default): a packet is valid as long as it is held, also by a write or a send that is pending. That costs
   * allocation, which grows with the events: little for an ordinary scene, and most under Node (`deno task bench`
   * measures it). True: a packet is valid until the next iteration; then it is detached, and its memory is used again.
   */
  readonly reuseBuffers?: boolean | undefined;
  /** Sizes of the transfers and of the ring. */
  readonly usbConfiguration?: UsbConfigurationChanges | undefined;
  /** Aborting it stops opening, or closes the device; loops then throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link open} for a camera of one type, which may have a configuration. */
export interface OpenOptionsOf<Type extends CameraType> extends CommonOpenOptions {
  /** Type of the wanted camera, for example `"prophesee-evk4"`. */
  readonly type: Type;
  /** What differs from the camera's default configuration. */
  readonly configuration?: Cameras[Type]["changes"] | undefined;
}

/** Options of {@link open} for a camera of any type. A configuration belongs to one type, so there is none. */
export interface OpenOptionsOfAny extends CommonOpenOptions {
  /** Without a type any camera is opened. */
  readonly type?: undefined;
  /** Needs a `type`. */
  readonly configuration?: undefined;
}

/** What {@link open} shall open, and how: a camera of any type, or one of a type with its configuration. */
export type OpenOptions = { readonly [Type in CameraType]: OpenOptionsOf<Type> }[CameraType] | OpenOptionsOfAny;

/** Options that were checked: those of any type, with the sizes completed. */
export interface CheckedOptions extends Omit<CommonOpenOptions, "usbConfiguration"> {
  readonly type?: CameraType | undefined;
  readonly configuration?: unknown;
  readonly usbConfiguration?: UsbConfiguration | undefined;
}

const checkOptions = optionsOf<CheckedOptions>("open", {
  type: oneOf(Object.keys(drivers) as CameraType[]),
  serial: serialText,
  libusb: libusbSelection,
  usbIds: cameraUsbIds,
  configuration: (value) => value, // its type says how
  raw: boolean,
  iteratorTimeoutMs: number(0, 2 ** 31 - 1),
  iteratorMaximumRawPackets: wholeNumber(0, 2 ** 32 - 1),
  reuseBuffers: boolean,
  usbConfiguration: completeUsbConfiguration,
  signal: instanceOf(AbortSignal, "an AbortSignal"),
});

/**
 * Checks the options of {@link open} before any USB traffic.
 *
 * Throws a `TypeError` for an unknown name, a value of the wrong type, a configuration without a type; a `RangeError` for
 * an unknown type of camera and a value out of its range.
 */
export function checkOpenOptions(options: OpenOptions): CheckedOptions {
  const checked = checkOptions(options);
  const { type, configuration } = checked;
  if (type !== undefined) return { ...checked, configuration: drivers[type].checkConfiguration(configuration) };
  if (configuration === undefined) return checked;
  const types = Object.keys(drivers).map((known) => `"${known}"`).join(" or ");
  throw new TypeError(`configuration must come with the type of its camera: type: ${types}`);
}
