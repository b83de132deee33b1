import { deviceError } from "../errors.ts";
import type { AsyncBus } from "../protocol/bus.ts";
import type { ControlInRequest, ControlOutRequest } from "../protocol/exchange.ts";
import { late, sleep, within } from "./page_settling.ts";
import { nameOf, type UsbAction, type UsbCall, usbError } from "./usb_errors.ts";
import type {
  UsbControlTransferParameters,
  UsbDevice,
  UsbEndpoint,
  UsbInTransferResult,
  UsbTransferStatus,
} from "./usb_types.ts";

/** How a transfer from the device ended: never a rejection, so that a page hears of none that it left alone. */
export type Received =
  | { readonly result: UsbInTransferResult; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: unknown };

/** A read that is queued in the browser. */
export interface QueuedRead {
  /** Later ones have larger numbers. */
  readonly number: number;
  readonly received: Promise<Received>;
  /** The same, once it is there. */
  readonly outcome: Received | undefined;
}

/** Devices that this page or Worker has open by the library: the browser would let it open and claim them again. */
const inUse = new WeakSet<UsbDevice>();

/** A claim that is refused is tried again so often: `close()` resolves before the system has let go of the interface. */
const claimAttempts = 11;
const claimPauseMs = 100;

/** Closing a device takes two seconds at most; the commands that stop the sensor take 1.4 of them. */
const closeLimitMs = 400;

/** With more, a bring-up takes little less time (`deno task bench:web-opening`). */
const defaultRequestsAhead = 16;

const noBytes = new Uint8Array(0);

/**
 * An open device over WebUSB.
 *
 * WebUSB has no timeouts and cancels no single transfer. A read that is late stays queued; the next read of its endpoint
 * waits for it in place of a new one, so nothing that comes late is lost, and the order stays. What is queued on the
 * endpoint of the events when the stream begins is the stream's first transfer.
 */
export class UsbHandle implements AsyncBus {
  /** What error messages call the device: a name by its ids at first, and with the serial when that is known. */
  description: string;
  readonly device: UsbDevice;
  /**
   * A page is told of each transfer some milliseconds after its end. So requests are sent ahead of the replies, whose
   * reads are queued with them: the device never waits for a read. 1 once a device was found that loses step so.
   */
  requestsAhead = defaultRequestsAhead;
  /** Reads that were not over in their time, by their endpoints and in their order. */
  readonly #late = new Map<number, QueuedRead[]>();
  #reads = 0;
  #closing: Promise<void> | undefined;
  #isGone = false;

  private constructor(device: UsbDevice, description: string) {
    this.device = device;
    this.description = description;
  }

  /**
   * Opens a device, and selects its first configuration where none is active.
   *
   * @throws {NeuromorphicError} "busy" where this page has it open, "permission-denied", "disconnected", "io".
   */
  static async open(device: UsbDevice, description: string): Promise<UsbHandle> {
    const handle = new UsbHandle(device, description);
    if (inUse.has(device)) {
      const what = "this page uses the camera already: close that device first";
      throw deviceError("busy", what, { operation: "open", device: description });
    }
    inUse.add(device);
    try {
      await handle.#attempt("open", "open", () => device.open());
      const isConfigured = device.configuration !== null && device.configuration !== undefined;
      const number = device.configurations[0]?.configurationValue ?? 1;
      if (!isConfigured) {
        await handle.#attempt("open", "select configuration", () => device.selectConfiguration(number));
      }
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Whether the device is known to be unplugged. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** The browser has told that the device was unplugged: nothing is asked of it any more. */
  unplugged(): void {
    this.#isGone = true;
  }

  /** Claims an interface, for about a second; it is released by {@link close}. Throws "busy" where it is taken. */
  async claimInterface(number: number, signal?: AbortSignal): Promise<void> {
    for (let attempt = 1;; attempt++) {
      this.#checkOpen(`claim interface ${number}`);
      try {
        return await this.device.claimInterface(number);
      } catch (error) {
        const mayPass = nameOf(error) === "NetworkError" && attempt < claimAttempts;
        if (!mayPass) throw usbError(error, this.#call("claim", `claim interface ${number}`));
      }
      await sleep(claimPauseMs, signal);
    }
  }

  async controlIn({ length, timeoutMs, ...request }: ControlInRequest): Promise<Uint8Array> {
    const operation = `control request ${hexadecimal(request.request)}`;
    const setup = setupOf(request);
    const { status, data } = await this.#timed(
      operation,
      timeoutMs,
      () => this.device.controlTransferIn(setup, length),
    );
    this.#checkStatus(status, operation);
    return bytesOf(data);
  }

  async controlOut({ bytes, timeoutMs, ...request }: ControlOutRequest): Promise<void> {
    const operation = `control request ${hexadecimal(request.request)}`;
    const setup = setupOf(request);
    const { status, bytesWritten } = await this.#timed(
      operation,
      timeoutMs,
      () => this.device.controlTransferOut(setup, bytes.slice()),
    );
    this.#checkStatus(status, operation);
    this.#checkSent(bytesWritten, bytes.length, operation);
  }

  async bulkOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): Promise<void> {
    const operation = `send ${bytes.length} bytes to endpoint ${hexadecimal(endpoint)}`;
    // What is sent may be in use for longer than the caller waits.
    const send = () => this.device.transferOut(numberOf(endpoint), bytes.slice());
    const { status, bytesWritten } = await this.#timed(operation, timeoutMs, send);
    await this.#checkBulk(status, endpoint, operation);
    this.#checkSent(bytesWritten, bytes.length, operation);
  }

  async bulkIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array | undefined> {
    const operation = `receive from endpoint ${hexadecimal(endpoint)}`;
    this.#checkOpen(operation);
    const read = this.takeLate(endpoint) ?? this.read(endpoint, length);
    const received = await within(read.received, timeoutMs);
    if (received === late) {
      this.#keepLate(endpoint, read);
      return undefined;
    }
    if (received.result === undefined) throw this.#failure(received.error, operation);
    const bytes = bytesOf(received.result.data);
    await this.#checkBulk(received.result.status, endpoint, operation);
    if (bytes.length <= length) return bytes;
    const what = `the device sent ${bytes.length} bytes, where ${length} were asked for`;
    throw deviceError("io", what, { operation, device: this.description });
  }

  /** Queues a read in the browser. Whole packets are asked for: anything else would be an overflow to the browser. */
  read(endpoint: number, length: number): QueuedRead {
    const packetSize = this.endpointOf(endpoint)?.packetSize ?? 1024;
    const wholePackets = Math.ceil(length / packetSize) * packetSize;
    const received = this.#settled(() => this.device.transferIn(numberOf(endpoint), wholePackets));
    // A promise that is returned by itself would be waited for.
    const read: { -readonly [Key in keyof QueuedRead]: QueuedRead[Key] } = {
      number: this.#reads++,
      received,
      outcome: undefined,
    };
    void received.then((outcome) => read.outcome = outcome);
    return read;
  }

  /** The oldest read of an endpoint that came to no end in its time: the caller's from now on. */
  takeLate(endpoint: number): QueuedRead | undefined {
    return this.#late.get(endpoint)?.shift();
  }

  /** Several reads may be late, and what comes is that of the oldest. */
  #keepLate(endpoint: number, read: QueuedRead): void {
    const reads = [...this.#late.get(endpoint) ?? [], read].sort((one, other) => one.number - other.number);
    this.#late.set(endpoint, reads);
  }

  async clearHalt(endpoint: number): Promise<void> {
    const direction = (endpoint & 0x80) === 0 ? "out" : "in";
    await this.#attempt(
      "transfer",
      `clear the halt of endpoint ${hexadecimal(endpoint)}`,
      () => this.device.clearHalt(direction, numberOf(endpoint)),
    );
  }

  async selectAlternateSetting(interfaceNumber: number, setting: number): Promise<void> {
    await this.#attempt(
      "transfer",
      `select alternate setting ${setting} of interface ${interfaceNumber}`,
      () => this.device.selectAlternateInterface(interfaceNumber, setting),
    );
  }

  /** What the descriptors say of an endpoint, by its address. */
  endpointOf(endpoint: number): UsbEndpoint | undefined {
    const direction = (endpoint & 0x80) === 0 ? "out" : "in";
    return this.device.configuration?.interfaces
      .flatMap(({ alternates }) => alternates.flatMap(({ endpoints }) => endpoints))
      .find((one) => one.endpointNumber === numberOf(endpoint) && one.direction === direction);
  }

  /** Cancels what is queued and closes the device, within 0.4 s, whatever the browser says. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = this.#settled(() => this.device.close());
    try {
      await within(closed, closeLimitMs);
    } finally {
      inUse.delete(this.device);
    }
  }

  /** How a call ended, without a rejection. */
  async #settled<Result>(
    call: () => Promise<Result>,
  ): Promise<{ result: Result; error?: undefined } | { result?: undefined; error: unknown }> {
    try {
      return { result: await call() };
    } catch (error) {
      return { error };
    }
  }

  /** The result of a transfer that has to end in its time. */
  async #timed<Result>(operation: string, timeoutMs: number, call: () => Promise<Result>): Promise<Result> {
    this.#checkOpen(operation);
    const settled = await within(this.#settled(call), timeoutMs);
    if (settled === late) {
      const what = `the device did not answer within ${timeoutMs} ms`;
      throw deviceError("io", what, { operation, device: this.description });
    }
    if ("result" in settled) return settled.result as Result;
    throw this.#failure(settled.error, operation);
  }

  async #attempt<Result>(action: UsbAction, operation: string, call: () => Promise<Result>): Promise<Result> {
    this.#checkOpen(operation);
    try {
      return await call();
    } catch (error) {
      throw usbError(error, this.#call(action, operation));
    }
  }

  #failure(error: unknown, operation: string): Error {
    if (nameOf(error) === "NotFoundError") this.#isGone = true;
    if (!this.#isGone) return usbError(error, this.#call("transfer", operation));
    return deviceError("disconnected", "the camera was unplugged", {
      operation,
      device: this.description,
      cause: error,
    });
  }

  #call(action: UsbAction, operation: string): UsbCall {
    return { action, operation, device: this.description, id: this.device };
  }

  #checkOpen(operation: string): void {
    const details = { operation, device: this.description };
    if (this.#closing !== undefined) throw deviceError("closed", "the device is closed", details);
    if (this.#isGone) throw deviceError("disconnected", "the camera was unplugged", details);
  }

  #checkStatus(status: UsbTransferStatus | undefined, operation: string): void {
    if (status === undefined || status === "ok") return;
    const what = status === "stall"
      ? "the device refused the request or halted the endpoint (stall)"
      : "the device sent more than was asked for (babble)";
    throw deviceError("io", what, { operation, device: this.description });
  }

  /** An endpoint that answered with STALL refuses everything until the halt is cleared; so that happens at once. */
  async #checkBulk(status: UsbTransferStatus | undefined, endpoint: number, operation: string): Promise<void> {
    // Where it fails, the transfer's own error says more.
    if (status === "stall") await this.clearHalt(endpoint).catch(() => {});
    this.#checkStatus(status, operation);
  }

  #checkSent(sent: number, length: number, operation: string): void {
    if (sent === length) return;
    const what = `only ${sent} of ${length} bytes were taken`;
    throw deviceError("io", what, { operation, device: this.description });
  }
}

/** The bytes of a result, which has none where nothing came. */
export function bytesOf(data: DataView | null | undefined): Uint8Array {
  return data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : noBytes;
}

/** WebUSB knows endpoints by their number, and the direction by the call. */
function numberOf(endpoint: number): number {
  return endpoint & 0x0f;
}

const requestTypes = ["standard", "class", "vendor"] as const;
const recipients = ["device", "interface", "endpoint", "other"] as const;

/** A control request as WebUSB takes it. */
function setupOf(
  { requestType, request, value, index }: Pick<ControlInRequest, "requestType" | "request" | "value" | "index">,
): UsbControlTransferParameters {
  return {
    requestType: requestTypes[requestType >> 5 & 3] ?? "vendor",
    recipient: recipients[requestType & 0x1f] ?? "other",
    request,
    value,
    index,
  };
}

function hexadecimal(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
