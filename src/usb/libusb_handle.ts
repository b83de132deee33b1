import { deviceError } from "../errors.ts";
import type { LibusbLibrary } from "../native/libusb_library.ts";
import type { ControlInRequest, ControlOutRequest } from "../protocol/exchange.ts";
import {
  checkLibusb,
  LIBUSB_ERROR_NOT_SUPPORTED,
  LIBUSB_ERROR_PIPE,
  LIBUSB_ERROR_TIMEOUT,
  type LibusbCall,
} from "./errors.ts";
import type { UsbHandle } from "./usb_handle.ts";

/** What a handle is made of. */
export interface LibusbHandleParts {
  readonly library: LibusbLibrary;
  /** libusb_device_handle *, owned by the handle from now on. */
  readonly nativeHandle: bigint;
  readonly description: string;
  /** Called once, before the device is closed. */
  readonly beforeClose: () => void;
}

/** An open device over libusb. The buffers that libusb reads and writes are made once and used for every call. */
export class LibusbHandle implements UsbHandle {
  description: string;
  /** libusb_device_handle *, for the native stream; valid until {@link close}. */
  readonly nativeHandle: bigint;
  readonly #symbols: LibusbLibrary["symbols"];
  readonly #beforeClose: () => void;
  readonly #claimed = new Set<number>();
  readonly #transferred = new Int32Array(1);
  /** Grows to the largest read asked for. */
  #received = new Uint8Array(1024);
  #closed = false;

  constructor({ library, nativeHandle, description, beforeClose }: LibusbHandleParts) {
    this.description = description;
    this.nativeHandle = nativeHandle;
    this.#symbols = library.symbols;
    this.#beforeClose = beforeClose;
  }

  autoDetachKernelDriver(): void {
    const call = this.#begin("detach kernel driver");
    const result = this.#symbols.libusb_set_auto_detach_kernel_driver(this.nativeHandle, 1);
    if (result !== LIBUSB_ERROR_NOT_SUPPORTED) checkLibusb(result, call);
  }

  claimInterface(number: number): void {
    const call = this.#begin(`claim interface ${number}`);
    checkLibusb(this.#symbols.libusb_claim_interface(this.nativeHandle, number), call);
    this.#claimed.add(number);
  }

  controlIn({ length, ...request }: ControlInRequest): Uint8Array {
    const call = this.#begin(`control request ${hexadecimal(request.request)}`);
    return this.#reply(this.#controlTransfer(request, this.#room(length), length, call), length, call);
  }

  controlOut({ bytes, ...request }: ControlOutRequest): void {
    const call = this.#begin(`control request ${hexadecimal(request.request)}`);
    this.#checkSent(this.#controlTransfer(request, bytes, bytes.length, call), bytes.length, call);
  }

  bulkOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): void {
    const call = this.#begin(`send ${bytes.length} bytes to endpoint ${hexadecimal(endpoint)}`);
    const sent = this.#transferred;
    sent[0] = 0;
    const result = this.#symbols.libusb_bulk_transfer(
      this.nativeHandle,
      endpoint,
      bytes,
      bytes.length,
      sent,
      timeoutMs,
    );
    this.#checkBulk(result, endpoint, call);
    this.#checkSent(sent[0]!, bytes.length, call);
  }

  bulkIn(endpoint: number, length: number, timeoutMs: number): Uint8Array | undefined {
    const call = this.#begin(`receive from endpoint ${hexadecimal(endpoint)}`);
    const received = this.#transferred;
    received[0] = 0;
    const room = this.#room(length);
    const result = this.#symbols.libusb_bulk_transfer(this.nativeHandle, endpoint, room, length, received, timeoutMs);
    // Packets that came before the timeout are data, also where the transfer is incomplete.
    if (result !== LIBUSB_ERROR_TIMEOUT) this.#checkBulk(result, endpoint, call);
    else if (received[0] === 0) return undefined;
    return this.#reply(received[0]!, length, call);
  }

  clearHalt(endpoint: number): void {
    const call = this.#begin(`clear the halt of endpoint ${hexadecimal(endpoint)}`);
    checkLibusb(this.#symbols.libusb_clear_halt(this.nativeHandle, endpoint), call);
  }

  selectAlternateSetting(interfaceNumber: number, setting: number): void {
    const call = this.#begin(`select alternate setting ${setting} of interface ${interfaceNumber}`);
    const result = this.#symbols.libusb_set_interface_alt_setting(this.nativeHandle, interfaceNumber, setting);
    checkLibusb(result, call);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // A device that is gone refuses; there is nothing left to release then.
    for (const number of this.#claimed) this.#symbols.libusb_release_interface(this.nativeHandle, number);
    this.#beforeClose();
    this.#symbols.libusb_close(this.nativeHandle);
  }

  /** Returns the number of bytes transferred. */
  #controlTransfer(
    { requestType, request, value, index, timeoutMs }: Omit<ControlInRequest, "length">,
    bytes: Uint8Array,
    length: number,
    call: LibusbCall,
  ): number {
    return checkLibusb(
      this.#symbols.libusb_control_transfer(
        this.nativeHandle,
        requestType,
        request,
        value,
        index,
        bytes,
        length,
        timeoutMs,
      ),
      call,
    );
  }

  /** A copy of what was received. What a libusb says is not believed where it is impossible. */
  #reply(received: number, length: number, { operation }: LibusbCall): Uint8Array {
    if (received >= 0 && received <= length) return this.#received.slice(0, received);
    const what = `libusb tells of ${received} bytes, where there is room for ${length}`;
    throw deviceError("io", what, { operation, device: this.description });
  }

  #checkSent(sent: number, length: number, { operation }: LibusbCall): void {
    if (sent === length) return;
    throw deviceError("io", `only ${sent} of ${length} bytes were taken`, { operation, device: this.description });
  }

  /** Names the call for its errors, if the handle is still open: libusb would crash on a closed one. */
  #begin(operation: string): LibusbCall {
    const { description: device } = this;
    if (!this.#closed) return { operation, device };
    throw deviceError("closed", "the device is closed", { operation, device });
  }

  /**
   * A bulk endpoint that answered with STALL refuses everything, in later openings, too, until the halt is cleared. So
   * that happens at once; where it fails, the transfer's own error says more.
   */
  #checkBulk(result: number, endpoint: number, call: LibusbCall): void {
    if (result === LIBUSB_ERROR_PIPE) this.#symbols.libusb_clear_halt(this.nativeHandle, endpoint);
    checkLibusb(result, call);
  }

  #room(length: number): Uint8Array {
    if (this.#received.length < length) this.#received = new Uint8Array(length);
    return this.#received;
  }
}

function hexadecimal(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
