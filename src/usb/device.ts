import type { LibusbLibrary } from "../native/libusb_library.ts";
import { checkLibusb } from "./errors.ts";
import { LibusbHandle } from "./libusb_handle.ts";

/** USB speeds: 1.5, 12, 480 Mbit/s, 5 Gbit/s, 10 Gbit/s and above. */
export type UsbSpeed = "unknown" | "low" | "full" | "high" | "super" | "super-plus";

/** enum libusb_speed by its number; 6 (20 Gbit/s) is SuperSpeed+ on two lanes. */
const speeds: readonly UsbSpeed[] = ["unknown", "low", "full", "high", "super", "super-plus", "super-plus"];

/** Length of struct libusb_device_descriptor, which has the layout of USB's own device descriptor. */
const descriptorLength = 18;

/** A device on the bus, valid until its context is closed. */
export class UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly bus: number;
  /** Address on the bus; a device gets a new one each time it is plugged in. */
  readonly address: number;
  readonly speed: UsbSpeed;
  readonly #library: LibusbLibrary;
  readonly #nativeDevice: bigint;
  readonly #handles: Set<LibusbHandle>;

  /** Reads what the system knows; the device itself is not asked. Handles are added to the context's set. */
  constructor(library: LibusbLibrary, nativeDevice: bigint, handles: Set<LibusbHandle>) {
    const { symbols } = library;
    const descriptor = new DataView(new ArrayBuffer(descriptorLength));
    const call = { operation: "read device descriptor", device: undefined };
    checkLibusb(symbols.libusb_get_device_descriptor(nativeDevice, descriptor), call);
    this.vendorId = descriptor.getUint16(8, true);
    this.productId = descriptor.getUint16(10, true);
    this.bus = symbols.libusb_get_bus_number(nativeDevice);
    this.address = symbols.libusb_get_device_address(nativeDevice);
    this.speed = speeds[symbols.libusb_get_device_speed(nativeDevice)] ?? "unknown";
    this.#library = library;
    this.#nativeDevice = nativeDevice;
    this.#handles = handles;
  }

  /** What messages call the device as long as its name and serial are not known. */
  get description(): string {
    const [vendor, product] = [this.vendorId, this.productId].map((id) => id.toString(16).padStart(4, "0"));
    return `USB device ${vendor}:${product} (bus ${this.bus}, address ${this.address})`;
  }

  /**
   * Size of an endpoint's packets in bytes.
   *
   * @throws {NeuromorphicError} "unsupported" where the device has no such endpoint.
   */
  maxPacketSize(endpoint: number): number {
    const call = { operation: "read packet size", device: this.description };
    return checkLibusb(this.#library.symbols.libusb_get_max_packet_size(this.#nativeDevice, endpoint), call);
  }

  /**
   * Opens the device. Messages call it by the description.
   *
   * @throws {NeuromorphicError} "permission-denied", "disconnected", "busy", "unsupported" (no driver), "io".
   */
  open(description: string = this.description): LibusbHandle {
    const address = new BigUint64Array(1);
    const result = this.#library.symbols.libusb_open(this.#nativeDevice, address);
    checkLibusb(result, { operation: "open", device: description });
    const handle: LibusbHandle = new LibusbHandle({
      library: this.#library,
      nativeHandle: address[0]!,
      description,
      onClose: () => this.#handles.delete(handle),
    });
    this.#handles.add(handle);
    return handle;
  }
}
