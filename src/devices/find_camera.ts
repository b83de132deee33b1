import type { UsbContext } from "../usb/context.ts";
import type { UsbDevice } from "../usb/device.ts";
import type { LibusbSelection } from "../types.ts";
import { type Libusb, loadLibusb } from "../usb/libusb.ts";
import type { LibusbHandle } from "../usb/libusb_handle.ts";
import { type CameraWish, chooseCamera, type ChosenCamera } from "./choose_camera.ts";

/** A camera that is open and claimed. Whoever gets it closes the handle, then the context. */
export interface FoundCamera extends ChosenCamera<LibusbHandle, UsbDevice> {
  readonly libusb: Libusb;
  readonly context: UsbContext;
}

/**
 * Opens the wanted camera on the bus of a libusb (the system's by default). Nothing stays open when this throws.
 *
 * Throws a `NeuromorphicError`: "native-library", or what {@link chooseCamera} throws.
 */
export async function findCamera(
  { libusb: selection = "system", ...wish }: CameraWish & { readonly libusb?: LibusbSelection | undefined } = {},
): Promise<FoundCamera> {
  const libusb = await loadLibusb(selection);
  const context = libusb.createContext();
  try {
    return { libusb, context, ...chooseCamera<LibusbHandle, UsbDevice>(context.devices(), wish) };
  } catch (error) {
    context.close();
    throw error;
  }
}
