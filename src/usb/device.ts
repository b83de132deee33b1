import type { LibusbLibrary } from "../native/libusb_library.ts";
import { cString, type Native } from "../native/native.ts";
import type { UsbSpeed } from "../types.ts";
import { checkLibusb } from "./errors.ts";
import { LibusbHandle } from "./libusb_handle.ts";
import { openError } from "./open_error.ts";

/** enum libusb_speed by its number; 6 (20 Gbit/s) is SuperSpeed+ on two lanes. */
const speeds: readonly UsbSpeed[] = ["unknown", "low", "full", "high", "super", "super-plus", "super-plus"];

/** Length of struct libusb_device_descriptor, which has the layout of USB's own device descriptor. */
const descriptorLength = 18;

/** What a device is made of. */
export interface UsbDeviceParts {
  readonly native: Native;
  readonly library: LibusbLibrary;
  /** libusb_device *, of which the context has a reference. */
  readonly nativeDevice: bigint;
  /** The context's open handles, which those of the device are added to. */
  readonly handles: Set<LibusbHandle>;
}

/** A device on the bus, valid until its context is closed. */
export class UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly bus: number;
  /** Address on the bus; a device gets a new one each time it is plugged in. */
  readonly address: number;
  readonly speed: UsbSpeed;
  readonly #parts: UsbDeviceParts;

  /** Reads what the system knows; the device itself is not asked. */
  constructor(parts: UsbDeviceParts) {
    const { library: { symbols }, nativeDevice } = parts;
    const descriptor = new DataView(new ArrayBuffer(descriptorLength));
    const call = { operation: "read device descriptor", device: undefined };
    checkLibusb(symbols.libusb_get_device_descriptor(nativeDevice, descriptor), call);
    this.vendorId = descriptor.getUint16(8, true);
    this.productId = descriptor.getUint16(10, true);
    this.bus = symbols.libusb_get_bus_number(nativeDevice);
    this.address = symbols.libusb_get_device_address(nativeDevice);
    this.speed = speeds[symbols.libusb_get_device_speed(nativeDevice)] ?? "unknown";
    this.#parts = parts;
  }

  /** What messages call the device as long as its name and serial are not known. */
  get description(): string {
    const [vendor, product] = [this.vendorId, this.productId].map((id) => id.toString(16).padStart(4, "0"));
    return `USB device ${vendor}:${product} (bus ${this.bus}, address ${this.address})`;
  }

  /**
   * Opens the device. Messages call it by the description.
   *
   * @throws {NeuromorphicError} "permission-denied", "disconnected", "busy", "unsupported" (no driver), "io".
   */
  open(description: string = this.description): LibusbHandle {
    const { native, library, nativeDevice, handles } = this.#parts;
    const address = new BigUint64Array(1);
    const result = library.symbols.libusb_open(nativeDevice, address);
    if (result < 0) throw openError(result, this, description);
    const nativeHandle = address[0]!;
    native.symbols.nd_device_watch(cString(library.path), nativeHandle);
    const handle: LibusbHandle = new LibusbHandle({
      library,
      nativeHandle,
      description,
      beforeClose: () => {
        native.symbols.nd_device_forget(nativeHandle);
        handles.delete(handle);
      },
    });
    handles.add(handle);
    return handle;
  }
}
