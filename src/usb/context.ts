import { NeuromorphicError } from "../errors.ts";
import type { LibusbLibrary } from "../native/libusb_library.ts";
import { cString, type Native } from "../native/native.ts";
import { UsbDevice } from "./device.ts";
import { checkLibusb } from "./errors.ts";
import type { LibusbHandle } from "./libusb_handle.ts";

/**
 * A session with libusb: everything that it hands out belongs to it and ends with it. Where its thread ends first, as
 * that of a terminated Worker, the native library ends it.
 */
export class UsbContext {
  /** libusb_context *, for the native stream; valid until {@link close}. */
  readonly address: bigint;
  readonly #native: Native;
  readonly #library: LibusbLibrary;
  /** Devices by libusb_device *, each with one reference. libusb gives a device that stays the same address again. */
  readonly #devices = new Map<bigint, UsbDevice>();
  readonly #handles = new Set<LibusbHandle>();
  #closed = false;

  constructor(native: Native, library: LibusbLibrary) {
    const address = new BigUint64Array(1);
    checkLibusb(library.symbols.libusb_init(address), { operation: "start libusb", device: undefined });
    this.address = address[0]!;
    native.symbols.nd_context_watch(cString(library.path), this.address);
    this.#native = native;
    this.#library = library;
  }

  /**
   * The devices that are plugged in now.
   *
   * @throws {NeuromorphicError} "closed", "io".
   */
  devices(): UsbDevice[] {
    const operation = "list devices";
    if (this.#closed) throw new NeuromorphicError("closed", `${operation}: the USB context is closed`, { operation });
    const { symbols } = this.#library;
    const list = new BigUint64Array(1);
    const call = { operation, device: undefined };
    const count = checkLibusb(symbols.libusb_get_device_list(this.address, list), call);
    try {
      const addresses = new BigUint64Array(this.#native.copyMemory(list[0]!, 8 * count).buffer);
      return Array.from(addresses, (address) => this.#device(address));
    } finally {
      symbols.libusb_free_device_list(list[0]!, 1);
    }
  }

  #device(address: bigint): UsbDevice {
    const known = this.#devices.get(address);
    if (known !== undefined) return known;
    const device = new UsbDevice({
      native: this.#native,
      library: this.#library,
      nativeDevice: address,
      handles: this.#handles,
    });
    this.#library.symbols.libusb_ref_device(address);
    this.#devices.set(address, device);
    return device;
  }

  /** Closes the devices that are still open, then frees all. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const handle of [...this.#handles]) handle.close();
    for (const address of this.#devices.keys()) this.#library.symbols.libusb_unref_device(address);
    this.#devices.clear();
    this.#native.symbols.nd_context_forget(this.address);
    this.#library.symbols.libusb_exit(this.address);
  }
}
