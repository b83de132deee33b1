import type { CameraType } from "../cameras/cameras.ts";
import { options as optionsOf } from "../checks.ts";
import {
  completeUsbConfiguration,
  type UsbConfiguration,
  type UsbConfigurationChanges,
} from "../stream/usb_configuration.ts";
import type { LibusbSelection } from "../types.ts";
import { libusbSelection } from "../usb/selection.ts";
import {
  type CameraOfAnyType,
  type CameraOfType,
  cameraOptionChecks,
  type CheckedCamera,
  type StreamingOptions,
} from "./common/camera_options.ts";
import { serialText } from "./serial.ts";

/** Options of {@link open} that are the same for every camera. */
export interface CommonOpenOptions extends StreamingOptions {
  /**
   * Serial of the wanted camera, a hexadecimal number: `"00050ABC"`, `"50abc"`, or as Metavision names cameras,
   * `"Prophesee:hal_plugin_imx636_evk4:00050abc"`. Without it the first camera found is opened.
   */
  readonly serial?: string | undefined;
  /** Which libusb-1.0 to use: `"system"` (default), `"virtual"` (the virtual camera), or the path of a library. */
  readonly libusb?: LibusbSelection | undefined;
  /** Sizes of the transfers and of the ring. */
  readonly usbConfiguration?: UsbConfigurationChanges | undefined;
}

/** Options of {@link open} for a camera of one type, which may have a configuration. */
export interface OpenOptionsOf<Type extends CameraType> extends CommonOpenOptions, CameraOfType<Type> {}

/** Options of {@link open} for a camera of any type. A configuration belongs to one type, so there is none. */
export interface OpenOptionsOfAny extends CommonOpenOptions, CameraOfAnyType {}

/** What {@link open} shall open, and how: a camera of any type, or one of a type with its configuration. */
export type OpenOptions = { readonly [Type in CameraType]: OpenOptionsOf<Type> }[CameraType] | OpenOptionsOfAny;

/** Options that were checked: those of any type, with the sizes completed. */
export interface CheckedOptions extends Omit<CommonOpenOptions, "usbConfiguration">, CheckedCamera {
  readonly usbConfiguration?: UsbConfiguration | undefined;
}

const checkOptions = optionsOf<CheckedOptions>("open", {
  ...cameraOptionChecks,
  serial: serialText,
  libusb: libusbSelection,
  usbConfiguration: completeUsbConfiguration,
});

/**
 * Checks the options of {@link open} before any USB traffic.
 *
 * Throws a `TypeError` for an unknown name or a value of the wrong type; a `RangeError` for an unknown type of camera and
 * a value out of its range. The configuration is not checked: that takes the camera's driver.
 */
export function checkOpenOptions(options: OpenOptions): CheckedOptions {
  return checkOptions(options);
}
