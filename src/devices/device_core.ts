import type { Ending } from "../stream/ending.ts";
import type { EventStream } from "../stream/event_stream.ts";
import type { IterationOwner } from "../stream/iteration.ts";
import { ReaderLock } from "../stream/reader_lock.ts";
import type { UsbSpeed } from "../types.ts";
import type { UsbHandle } from "../usb/usb_handle.ts";
import type { CameraType } from "../cameras/cameras.ts";
import type { OpenCamera } from "../cameras/driver.ts";
import type { SyncBus } from "../protocol/bus.ts";
import type { Protocol } from "../protocol/exchange.ts";
import { runSync } from "../protocol/run.ts";
import type { Settling } from "../protocol/settling.ts";
import { commandBus } from "./command_bus.ts";
import { Discarding } from "./discarding.ts";

/** The parts of an open device. */
export interface DeviceParts {
  readonly type: CameraType;
  readonly name: string;
  readonly camera: OpenCamera;
  readonly handle: UsbHandle;
  readonly settling: Settling;
  readonly context: { close(): void };
  readonly stream: EventStream;
  readonly speed: UsbSpeed;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * What an open device owns, apart from the object that the program holds: so the garbage collector can find that
 * object forgotten while the camera still streams, and close this.
 */
export class DeviceCore implements IterationOwner {
  readonly parts: DeviceParts;
  readonly description: string;
  readonly discarding: Discarding;
  readonly readerLock: ReaderLock = new ReaderLock(() => this.discarding.giveWay());
  #ending: Ending | undefined;
  readonly #bus: SyncBus;
  readonly #onAbort: () => void;

  constructor(parts: DeviceParts) {
    this.parts = parts;
    this.discarding = new Discarding(parts.stream);
    this.#bus = commandBus(parts.handle, parts.stream);
    this.description = parts.handle.description;
    this.#onAbort = () => this.close({ by: "abort", reason: parts.signal?.reason });
    parts.signal?.addEventListener("abort", this.#onAbort, { once: true });
    openCores.add(this);
  }

  get stream(): EventStream {
    return this.parts.stream;
  }

  get timeoutMs(): number | undefined {
    return this.parts.timeoutMs;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Carries out a protocol of the camera. */
  run<Result>(protocol: Protocol<Result>): Result {
    return runSync(protocol, { bus: this.#bus, settling: this.parts.settling });
  }

  /** Stops the sensor, then the transfers, then lets go of the device. Each step happens, also where another one fails. */
  close(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    openCores.delete(this);
    const { signal } = this.parts;
    signal?.removeEventListener("abort", this.#onAbort);
    closeAll(closingOrder(this.parts));
  }
}

/**
 * The sensor first, so that what it sent is received; and once more where there was no memory for its commands, also
 * after the stream had given a transfer back: all of its memory is free then.
 */
export function closingOrder(
  { camera, stream, handle, settling, context }: Pick<
    DeviceParts,
    "camera" | "stream" | "handle" | "settling" | "context"
  >,
): readonly { close(): void }[] {
  const sensor = shutdownOf(camera, commandBus(handle, stream), settling);
  return [sensor, stream, sensor, handle, context];
}

/** Stops a camera's sensor where it is closed. */
export function shutdownOf(camera: OpenCamera, bus: SyncBus, settling: Settling): { close(): void } {
  return { close: () => runSync(camera.shutdown(), { bus, settling }) };
}

/** Closes in order; the first error is thrown after the last one was closed. */
function closeAll(closables: readonly { close(): void }[]): void {
  const errors: unknown[] = [];
  for (const closable of closables) {
    try {
      closable.close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** After a failure, or at the end: what goes wrong while closing would only hide why. */
export function closeQuietly(closables: readonly { close(): void }[]): void {
  try {
    closeAll(closables);
  } catch {
    // what led here is what there is to tell
  }
}

/** Devices that are open now; closed when the program ends, so that no camera goes on streaming without a reader. */
const openCores = new Set<DeviceCore>();

/** Closes every open device; never throws. */
export function closeOpenDevices(): void {
  closeQuietly([...openCores].map((core) => ({ close: () => core.close({ by: "exit" }) })));
}
