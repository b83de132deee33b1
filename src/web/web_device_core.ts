import type { CameraType } from "../cameras/cameras.ts";
import type { OpenCamera } from "../cameras/driver.ts";
import type { Protocol } from "../protocol/exchange.ts";
import { run } from "../protocol/run.ts";
import type { Settling } from "../protocol/settling.ts";
import { closedError, type Ending } from "../stream/ending.ts";
import type { IterationOwner } from "../stream/iteration.ts";
import { ReaderLock } from "../stream/reader_lock.ts";
import type { UsbSpeed } from "../types.ts";
import { within } from "./page_settling.ts";
import type { UsbHandle } from "./usb_handle.ts";
import type { Usb, UsbConnectionEvent } from "./usb_types.ts";
import type { WebStream } from "./web_stream.ts";

/** The parts of an open device. */
export interface WebDeviceParts {
  readonly type: CameraType;
  readonly name: string;
  readonly camera: OpenCamera;
  readonly handle: UsbHandle;
  readonly settling: Settling;
  readonly stream: WebStream;
  readonly speed: UsbSpeed;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Tells of unplugging; undefined where the browser is not known. */
  readonly usb: Usb | undefined;
}

/** How long stopping the sensor may take, with what is carried out before; then 0.4 s are left for the handle. */
const shutdownLimitMs = 1_450;

/** How long cancelled transfers may take to come back. */
const cancelLimitMs = 100;

/**
 * What an open device owns, apart from the object that the page holds: so the garbage collector can find that object
 * forgotten while the camera still streams, and close this.
 */
export class WebDeviceCore implements IterationOwner {
  readonly parts: WebDeviceParts;
  readonly description: string;
  readonly readerLock: ReaderLock = new ReaderLock();
  #ending: Ending | undefined;
  #closed: Promise<void> | undefined;
  /** The last protocol, until it is over; never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  /** Aborts the protocol that runs when the device is closed. */
  readonly #stopping = new AbortController();
  readonly #onAbort: () => void;
  readonly #onDisconnect: (event: UsbConnectionEvent) => void;

  constructor(parts: WebDeviceParts) {
    this.parts = parts;
    const { handle, stream, signal, usb } = parts;
    this.description = handle.description;
    this.#onAbort = () => this.close({ by: "abort", reason: signal?.reason });
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#onDisconnect = ({ device }) => {
      if (device !== handle.device) return;
      handle.unplugged();
      stream.unplugged();
    };
    usb?.addEventListener("disconnect", this.#onDisconnect);
  }

  get stream(): WebStream {
    return this.parts.stream;
  }

  get timeoutMs(): number | undefined {
    return this.parts.timeoutMs;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Carries out a protocol of the camera, after those that were asked for before. */
  run<Result>(operation: string, protocolOf: (camera: OpenCamera) => Protocol<Result>): Promise<Result> {
    const result = this.#last.then(() => this.#carryOut(operation, protocolOf));
    this.#last = result.catch(() => {});
    return result;
  }

  async #carryOut<Result>(operation: string, protocolOf: (camera: OpenCamera) => Protocol<Result>): Promise<Result> {
    const { camera, handle, settling } = this.parts;
    const { signal } = this.#stopping;
    try {
      this.#checkOpen(operation);
      return await run(protocolOf(camera), { bus: handle, settling, signal });
    } catch (error) {
      if (signal.aborted) this.#checkOpen(operation);
      throw error;
    }
  }

  /** Throws "closed", and by what, where it is. */
  #checkOpen(operation: string): void {
    if (this.#ending !== undefined) throw closedError(this.#ending, operation, this.description);
  }

  /** Ends the device; the caller does not wait for that. */
  close(ending: Ending): void {
    void this.end(ending);
  }

  /**
   * Stops the sensor, then the transfers, then lets go of the device: within two seconds, whatever the device does. Never
   * rejects.
   */
  end(ending: Ending): Promise<void> {
    this.#ending ??= ending;
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const { camera, handle, settling, stream, signal, usb } = this.parts;
    signal?.removeEventListener("abort", this.#onAbort);
    usb?.removeEventListener("disconnect", this.#onDisconnect);
    stream.wake();
    this.#stopping.abort();
    const stopped = this.#last.then(() => run(camera.shutdown(), { bus: handle, settling }));
    await within(stopped.catch(() => {}), shutdownLimitMs);
    stream.stop();
    await handle.close();
    await within(stream.finished, cancelLimitMs);
    stream.close();
  }
}
