import { type CameraUsbId, driversFor } from "../cameras/cameras.ts";
import { options as optionsOf } from "../checks.ts";
import { cameraUsbIds } from "../devices/common/usb_ids.ts";
import { showAs } from "../shown.ts";
import type { WebDevicesOptions } from "./granted_devices.ts";
import { usbOrThrow } from "./navigator_usb.ts";
import { checkUsb } from "./usb_checks.ts";
import type { TypedEventTarget } from "../devices/common/typed_event_target.ts";
import type { Usb, UsbConnectionEvent, UsbDevice } from "./usb_types.ts";

/** A camera that the user has allowed was plugged in (`"connect"`) or unplugged (`"disconnect"`). */
export class WebDeviceEvent extends Event {
  /** The camera. One that is plugged in again is another object. */
  readonly device: UsbDevice;

  /** Makes an event; the library dispatches it, pages listen. */
  constructor(type: "connect" | "disconnect", device: UsbDevice) {
    super(type);
    this.device = device;
  }
}

/** The events of a {@link WebDeviceWatcher}, by type. */
export interface WebDeviceWatcherEvents {
  /** A camera was plugged in. */
  readonly connect: WebDeviceEvent;
  /** A camera was unplugged. */
  readonly disconnect: WebDeviceEvent;
}

/** Tells when cameras come and go, until it is closed. {@link watchDevices} makes one. */
export interface WebDeviceWatcher extends TypedEventTarget<WebDeviceWatcherEvents> {
  /** True after {@link close}. */
  readonly closed: boolean;
  /** Ends the watching. Safe to call twice. */
  close(): void;
  /** The same as {@link close}: for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Watches for cameras that are plugged in and unplugged. A browser tells of those only that the user has allowed to the
 * page's origin, and it does not ask them who they are: `open` does.
 *
 * @throws {TypeError | RangeError} for a wrong option.
 * @throws {NeuromorphicError} "unsupported" where there is no WebUSB.
 */
export function watchDevices(options: WebDevicesOptions = {}): WebDeviceWatcher {
  const { usb, usbIds } = checkOptions(options);
  return new UsbWatcher(usbOrThrow(usb, "watch devices"), usbIds) as WebDeviceWatcher;
}

const checkOptions = optionsOf<WebDevicesOptions>("watchDevices", { usbIds: cameraUsbIds, usb: checkUsb });

class UsbWatcher extends EventTarget {
  readonly #usb: Usb;
  readonly #onConnect: (event: UsbConnectionEvent) => void;
  readonly #onDisconnect: (event: UsbConnectionEvent) => void;
  #closed = false;

  constructor(usb: Usb, usbIds: readonly CameraUsbId[] | undefined) {
    super();
    this.#usb = usb;
    const listener = (type: "connect" | "disconnect") => ({ device }: UsbConnectionEvent) => {
      if (driversFor(device.vendorId, device.productId, usbIds).length === 0) return;
      this.dispatchEvent(new WebDeviceEvent(type, device));
    };
    this.#onConnect = listener("connect");
    this.#onDisconnect = listener("disconnect");
    usb.addEventListener("connect", this.#onConnect);
    usb.addEventListener("disconnect", this.#onDisconnect);
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#usb.removeEventListener("connect", this.#onConnect);
    this.#usb.removeEventListener("disconnect", this.#onDisconnect);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  static {
    showAs(UsbWatcher, "WebDeviceWatcher", ({ closed }) => ({ closed }));
  }
}
