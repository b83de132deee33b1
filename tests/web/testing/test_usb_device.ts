/** A device of `TestUsb`: WebUSB over the virtual camera's libusb. */

import { setImmediate, setTimeout } from "node:timers";
import type { VirtualLibrary } from "../../../src/native/libusb_library.ts";
import type { UsbDevice as LibusbDevice } from "../../../src/usb/device.ts";
import type { LibusbHandle } from "../../../src/usb/libusb_handle.ts";
import type {
  UsbConfigurationDescriptor,
  UsbControlTransferParameters,
  UsbDevice,
  UsbDirection,
  UsbInTransferResult,
  UsbOutTransferResult,
} from "../../../src/web/usb_types.ts";
import { bytesOf, descriptorOf, networkError } from "./usb_values.ts";

/** How the browser behaves. */
export interface TestUsbOptions {
  /** Whether it hears of unplugging, as with udevd. Default: true. */
  readonly tellsOfUnplugging?: boolean;
  /** Windows has no status "stall": such a transfer rejects. Default: false. */
  readonly isWindows?: boolean;
  /** Whether its devices say that they are software, so that no wait passes in real time. Default: true. */
  readonly isVirtual?: boolean;
}

/** What a device needs of the browser around it. */
export interface TestSession {
  readonly options: TestUsbOptions;
  readonly symbols: VirtualLibrary["symbols"];
  /** Whether no call to the device is answered any more. */
  readonly hangs: boolean;
  /** Whether the system still holds the interface for a device that was closed. */
  refusesClaim(): boolean;
}

const [timeout, overflow, pipe] = [-7, -8, -9];

/** Chromium refuses longer transfers. */
const longestTransfer = 32 << 20;

/** Linux's limit for all transfers that are queued. */
const memoryLimit = 16 << 20;

/** Up to so many finished transfers are handed over per wake-up. */
const transfersPerTurn = 10;

/**
 * How long a turn waits for an endpoint. A wait that is too short cuts a transfer in two, so while a sensor streams it is
 * longer than its transfers take; before, it would only slow commands down.
 */
const [idleSliceMs, streamingSliceMs] = [1, 15];

/** An endpoint streams if something came within this time. */
const streamingMs = 300;

/** A transfer that is queued on an endpoint. */
interface Waiting {
  /** Bytes of memory that Linux counts. */
  readonly length: number;
  /** Asks libusb once; false where it has to be asked again. */
  readonly attempt: () => boolean;
  readonly reject: (error: DOMException) => void;
}

/** A device that is plugged in to the virtual bus. */
export class TestUsbDevice implements UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly usbVersionMajor = 3;
  readonly usbVersionMinor = 1;
  readonly productName = "virtual camera";
  readonly isVirtual: boolean;
  readonly configurations: readonly UsbConfigurationDescriptor[];
  configuration: UsbConfigurationDescriptor | null = null;
  readonly #usb: TestSession;
  readonly #device: LibusbDevice;
  readonly #claimed = new Set<number>();
  readonly #waiting = new Map<number, Waiting[]>();
  readonly #transferred = new Int32Array(1);
  /** Calls that libusb never answers; a browser ends them with the device. */
  readonly #hanging = new Set<(error: DOMException) => void>();
  #handle: LibusbHandle | undefined;
  #isTurning = false;
  #lastEventsMs = -Infinity;
  #isGone = false;

  constructor(usb: TestSession, device: LibusbDevice) {
    this.#usb = usb;
    this.#device = device;
    this.vendorId = device.vendorId;
    this.productId = device.productId;
    this.isVirtual = usb.options.isVirtual ?? true;
    this.configurations = [descriptorOf(device.speed === "high" ? 512 : 1024)];
  }

  get opened(): boolean {
    return this.#handle !== undefined;
  }

  /** The browser has heard of it: what is queued rejects, and the device is dead for good. */
  unplugged(): void {
    this.#isGone = true;
    this.#end(networkError());
    this.#handle?.close();
    this.#handle = undefined;
  }

  open(): Promise<void> {
    return this.#attempt(() => {
      if (this.#handle !== undefined) return;
      try {
        this.#handle = this.#device.open();
      } catch (error) {
        const isRefused = (error as { code?: string }).code === "permission-denied";
        throw isRefused ? new DOMException("Access denied.", "SecurityError") : networkError();
      }
    });
  }

  close(): Promise<void> {
    return this.#attempt(() => {
      this.#end(new DOMException("The transfer was cancelled.", "AbortError"));
      this.#claimed.clear();
      this.#handle?.close();
      this.#handle = undefined;
    });
  }

  selectConfiguration(value: number): Promise<void> {
    return this.#attempt(() => {
      this.#native();
      this.configuration = this.configurations.find(({ configurationValue }) => configurationValue === value) ?? null;
    });
  }

  claimInterface(number: number): Promise<void> {
    return this.#attempt(() => {
      const handle = this.#native();
      if (this.#claimed.has(number)) return;
      const isRefused = this.#usb.refusesClaim();
      if (isRefused || this.#usb.symbols.libusb_claim_interface(handle, number) < 0) {
        throw new DOMException("Unable to claim interface.", "NetworkError");
      }
      this.#claimed.add(number);
    });
  }

  releaseInterface(number: number): Promise<void> {
    return this.#attempt(() => {
      this.#end(networkError());
      this.#claimed.delete(number);
      this.#usb.symbols.libusb_release_interface(this.#native(), number);
    });
  }

  selectAlternateInterface(number: number, setting: number): Promise<void> {
    return this.#attempt(() => {
      this.#check(this.#usb.symbols.libusb_set_interface_alt_setting(this.#native(), number, setting));
    });
  }

  clearHalt(direction: UsbDirection, endpoint: number): Promise<void> {
    return this.#attempt(() => {
      this.#check(this.#usb.symbols.libusb_clear_halt(this.#native(), this.#address(endpoint, direction)));
    });
  }

  controlTransferIn(setup: UsbControlTransferParameters, length: number): Promise<UsbInTransferResult> {
    const room = new Uint8Array(length);
    return this.#transfer<UsbInTransferResult>(
      () => this.#control(setup, 0x80, room),
      (count) => ({ data: new DataView(room.buffer, 0, count), status: "ok" }),
      { status: "stall" },
    );
  }

  controlTransferOut(setup: UsbControlTransferParameters, data?: BufferSource): Promise<UsbOutTransferResult> {
    return this.#transfer<UsbOutTransferResult>(
      () => this.#control(setup, 0, bytesOf(data)),
      (bytesWritten) => ({ bytesWritten, status: "ok" }),
      { bytesWritten: 0, status: "stall" },
    );
  }

  transferOut(endpoint: number, data: BufferSource): Promise<UsbOutTransferResult> {
    const bytes = bytesOf(data);
    return this.#queue<UsbOutTransferResult>(endpoint, "out", bytes.length, (address) => {
      // It waits while the device has a reply that was not read.
      const { result, count } = this.#bulk(address, bytes, idleSliceMs);
      if (result === timeout && count === 0) return undefined;
      if (result === pipe && this.#usb.options.isWindows !== true) return { bytesWritten: count, status: "stall" };
      if (result < 0) throw networkError();
      return { bytesWritten: count, status: "ok" };
    });
  }

  transferIn(endpoint: number, length: number): Promise<UsbInTransferResult> {
    const { packetSize } = this.configurations[0]!.interfaces[0]!.alternates[0]!.endpoints[0]!;
    return this.#queue<UsbInTransferResult>(endpoint, "in", length, (address) => {
      const isStreaming = address === 0x81 && performance.now() - this.#lastEventsMs < streamingMs;
      const room = new Uint8Array(Math.ceil(length / packetSize) * packetSize);
      const { result, count } = this.#bulk(address, room, isStreaming ? streamingSliceMs : idleSliceMs);
      if (result === timeout && count === 0) return undefined;
      if (address === 0x81) this.#lastEventsMs = performance.now();
      const data = new DataView(room.slice(0, count).buffer);
      if (result === 0 || result === timeout) {
        return count > length ? { data: new DataView(new ArrayBuffer(0)), status: "babble" } : { data, status: "ok" };
      }
      if (result === pipe && this.#usb.options.isWindows !== true) return { data, status: "stall" };
      if (result === overflow) return { data, status: "babble" };
      throw networkError();
    });
  }

  /** Queues a transfer. `ask` throws, or gives nothing where it has to be asked again. */
  #queue<Result>(
    endpoint: number,
    direction: UsbDirection,
    length: number,
    ask: (address: number) => Result | undefined,
  ): Promise<Result> {
    return this.#attempt(() => {
      this.#native();
      const address = this.#address(endpoint, direction);
      if (length > longestTransfer) throw new DOMException("The data is too long.", "DataError");
      const queue = this.#waiting.get(address) ?? [];
      this.#waiting.set(address, queue);
      const queued = [...this.#waiting.values()].flat().reduce((sum, waiting) => sum + waiting.length, 0);
      if (queued + length > memoryLimit) throw networkError();
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      const attempt = () => {
        if (this.#usb.hangs) return false;
        try {
          const result = ask(address);
          if (result === undefined) return false;
          resolve(result);
        } catch (error) {
          reject(error);
        }
        return true;
      };
      queue.push({ length, attempt, reject });
      this.#turn();
      return promise;
    });
  }

  #bulk(address: number, bytes: Uint8Array, timeoutMs: number): { readonly result: number; readonly count: number } {
    const sent = this.#transferred;
    sent[0] = 0;
    const { symbols } = this.#usb;
    const result = symbols.libusb_bulk_transfer(this.#native(), address, bytes, bytes.length, sent, timeoutMs);
    return { result, count: sent[0] };
  }

  /** Asks for the first transfers of each endpoint; those that bring nothing are asked for again. */
  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    const turn = () => {
      this.#isTurning = false;
      let brought = false;
      const endMs = performance.now() + 5;
      for (const queue of this.#waiting.values()) {
        for (let count = 0; count < transfersPerTurn && queue.length > 0; count++) {
          // Each endpoint has its turn: a request may wait until another one's reply is read.
          if (count > 0 && performance.now() >= endMs) break;
          if (!queue[0]!.attempt()) break;
          queue.shift();
          brought = true;
        }
      }
      if (![...this.#waiting.values()].some((queue) => queue.length > 0)) return;
      this.#isTurning = true;
      if (brought) setImmediate(turn);
      else setTimeout(turn, 1);
    };
    setImmediate(turn);
  }

  #control({ requestType, recipient, ...setup }: UsbControlTransferParameters, direction: number, bytes: Uint8Array) {
    const type = ["standard", "class", "vendor"].indexOf(requestType) << 5;
    const target = ["device", "interface", "endpoint", "other"].indexOf(recipient);
    return this.#usb.symbols.libusb_control_transfer(
      this.#native(),
      direction | type | target,
      setup.request,
      setup.value,
      setup.index,
      bytes,
      bytes.length,
      20,
    );
  }

  /** Carries a transfer out. One without an answer hangs until the device is closed. */
  #transfer<Result>(call: () => number, result: (count: number) => Result, stalled: Result): Promise<Result> {
    return this.#attempt(() => {
      const count = this.#usb.hangs ? timeout : call();
      if (count >= 0) return result(count);
      if (count === pipe && this.#usb.options.isWindows !== true) return stalled;
      if (count !== timeout) throw networkError();
      return new Promise<Result>((_, reject) => this.#hanging.add(reject));
    });
  }

  /** Answers later, as a browser does. */
  async #attempt<Result>(call: () => Result | Promise<Result>): Promise<Result> {
    if (this.#isGone) throw new DOMException("The device was disconnected.", "NotFoundError");
    return await call();
  }

  #native(): bigint {
    if (this.#handle === undefined) throw new DOMException("The device must be opened first.", "InvalidStateError");
    return this.#handle.nativeHandle;
  }

  #address(endpoint: number, direction: UsbDirection): number {
    if (endpoint > 15) throw new DOMException("The specified endpoint number is out of range.", "IndexSizeError");
    const isKnown = endpoint === 2 || endpoint === 1 && direction === "in";
    if (isKnown && this.#claimed.has(0)) return direction === "in" ? endpoint | 0x80 : endpoint;
    const what = "The specified endpoint is not part of a claimed and selected alternate interface.";
    throw new DOMException(what, "NotFoundError");
  }

  #check(result: number): void {
    if (result < 0) throw networkError();
  }

  /** All that is queued rejects. */
  #end(error: DOMException): void {
    for (const queue of this.#waiting.values()) for (const { reject } of queue.splice(0)) reject(error);
    for (const reject of this.#hanging) reject(error);
    this.#hanging.clear();
  }
}
