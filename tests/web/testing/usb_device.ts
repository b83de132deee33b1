/**
 * WebUSB over the virtual camera's libusb, as Chromium on Linux does it: results in the order of the calls, its names of
 * errors, bytes lost with a transfer that fails, no timeouts.
 */

import { setInterval } from "node:timers";
import { openVirtualLibrary, type VirtualLibrary } from "../../../src/native/libusb_library.ts";
import { loadNative } from "../../../src/native/native.ts";
import type { UsbContext } from "../../../src/usb/context.ts";
import type { UsbDevice as LibusbDevice } from "../../../src/usb/device.ts";
import { loadLibusb } from "../../../src/usb/libusb.ts";
import type { Usb, UsbConnectionEvent, UsbDevice } from "../../../src/web/usb_types.ts";
import { type TestSession, TestUsbDevice, type TestUsbOptions } from "./test_usb_device.ts";

/** A look-alike of `navigator.usb`; `close` ends its session with libusb. */
export class TestUsb extends EventTarget implements Usb, TestSession {
  readonly options: TestUsbOptions;
  readonly symbols: VirtualLibrary["symbols"];
  readonly #context: UsbContext;
  readonly #devices = new Map<LibusbDevice, TestUsbDevice>();
  readonly #timer: ReturnType<typeof setInterval>;
  /** So many claims are refused from now on, as after a `close()` whose end the system has not seen. */
  claimsToRefuse = 0;
  /** From now on no call to a device is answered, as after a crash of its firmware. */
  hangs = false;

  private constructor(symbols: VirtualLibrary["symbols"], context: UsbContext, options: TestUsbOptions) {
    super();
    this.symbols = symbols;
    this.#context = context;
    this.options = options;
    this.#look();
    this.#timer = setInterval(() => this.#look(), 20);
    this.#timer.unref();
  }

  refusesClaim(): boolean {
    return this.claimsToRefuse-- > 0;
  }

  static async open(options: TestUsbOptions = {}): Promise<TestUsb> {
    const { symbols } = openVirtualLibrary(await loadNative());
    return new TestUsb(symbols, (await loadLibusb("virtual")).createContext(), options);
  }

  getDevices(): Promise<UsbDevice[]> {
    this.#look();
    return Promise.resolve([...this.#devices.values()]);
  }

  async requestDevice(): Promise<UsbDevice> {
    const [first] = await this.getDevices();
    if (first === undefined) throw new DOMException("No device selected.", "NotFoundError");
    return first;
  }

  declare addEventListener: Usb["addEventListener"] & EventTarget["addEventListener"];
  declare removeEventListener: Usb["removeEventListener"] & EventTarget["removeEventListener"];

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const device of this.#devices.values()) await device.close().catch(() => {});
    this.#context.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #look(): void {
    const present = this.#context.devices();
    for (const device of present) {
      if (this.#devices.has(device)) continue;
      const added = new TestUsbDevice(this, device);
      this.#devices.set(device, added);
      this.#tell("connect", added);
    }
    if (this.options.tellsOfUnplugging === false) return;
    for (const [device, known] of this.#devices) {
      if (present.includes(device)) continue;
      this.#devices.delete(device);
      known.unplugged();
      this.#tell("disconnect", known);
    }
  }

  #tell(type: "connect" | "disconnect", device: UsbDevice): void {
    this.dispatchEvent(Object.assign(new Event(type), { device }) satisfies UsbConnectionEvent);
  }
}
