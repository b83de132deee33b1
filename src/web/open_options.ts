import type { CameraType } from "../cameras/cameras.ts";
import { options as optionsOf } from "../checks.ts";
import {
  type CameraOfAnyType,
  type CameraOfType,
  cameraOptionChecks,
  checkConfiguration,
  type CheckedCamera,
  type StreamingOptions,
} from "../devices/common/camera_options.ts";
import { checkUsb } from "./usb_checks.ts";
import type { Usb } from "./usb_types.ts";
import {
  completeWebUsbConfiguration,
  type WebUsbConfiguration,
  type WebUsbConfigurationChanges,
} from "./web_usb_configuration.ts";

/** Options of `open` that are the same for every camera. */
export interface CommonWebOpenOptions extends StreamingOptions {
  /** Sizes of the transfers, and how many wait. */
  readonly usbConfiguration?: WebUsbConfigurationChanges | undefined;
  /** Where the device comes from: it tells of unplugging. Default: `navigator.usb`. */
  readonly usb?: Usb | undefined;
}

/** Options of `open` for a camera of one type, which may have a configuration. */
export interface WebOpenOptionsOf<Type extends CameraType> extends CommonWebOpenOptions, CameraOfType<Type> {}

/** Options of `open` for a camera of any type. A configuration belongs to one type, so there is none. */
export interface WebOpenOptionsOfAny extends CommonWebOpenOptions, CameraOfAnyType {}

/** How `open` shall open a device: as a camera of any type, or as one of a type with its configuration. */
export type WebOpenOptions =
  | { readonly [Type in CameraType]: WebOpenOptionsOf<Type> }[CameraType]
  | WebOpenOptionsOfAny;

/** Options that were checked: those of any type, with the sizes completed. */
export interface CheckedWebOptions extends Omit<CommonWebOpenOptions, "usbConfiguration">, CheckedCamera {
  readonly usbConfiguration?: WebUsbConfiguration | undefined;
}

const checkOptions = optionsOf<CheckedWebOptions>("open", {
  ...cameraOptionChecks,
  usbConfiguration: completeWebUsbConfiguration,
  usb: checkUsb,
});

/** Checks the options of `open` before any USB traffic. Throws a `TypeError` or a `RangeError`. */
export function checkWebOpenOptions(options: WebOpenOptions): Promise<CheckedWebOptions> {
  return checkConfiguration(checkOptions(options));
}
