/** A control request from the device to the host. */
export interface ControlInRequest {
  /** bmRequestType, bit 7 set. */
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  /** The most bytes that the reply may have. */
  readonly length: number;
  readonly timeoutMs: number;
}

/**
 * An open USB device, as drivers see it: synchronous register-sized transfers.
 *
 * The implementation over libusb is `LibusbHandle`; tests give drivers one that records what they do.
 * Every method throws a `NeuromorphicError`: "disconnected", "io" (timeouts, stalls; libusb's name of the error is in
 * the message), "busy", "permission-denied", "closed". The halt of a bulk endpoint that answered with STALL is cleared
 * before the error is thrown, so that the next transfer finds it ready.
 */
export interface UsbHandle {
  /** What error messages call the device. */
  readonly description: string;
  /** Lets libusb take the interface from a kernel driver; systems without kernel drivers ignore it. */
  autoDetachKernelDriver(): void;
  /** Claims an interface; it is released by {@link close}. */
  claimInterface(number: number): void;
  /** Returns the bytes of the reply, which may be fewer than asked for. */
  controlIn(request: ControlInRequest): Uint8Array;
  /** Sends all bytes or throws. */
  bulkOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): void;
  /** Returns the bytes received, at most `length`; undefined when nothing came within the time. */
  bulkIn(endpoint: number, length: number, timeoutMs: number): Uint8Array | undefined;
  /** Releases what was claimed and closes the device. Safe to call twice. */
  close(): void;
}
