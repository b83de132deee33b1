import type { Cameras, CameraType } from "../cameras/cameras.ts";
import type { ClearBacklogOptions } from "../devices/common/clear_backlog.ts";
import type { KnownCamera } from "../devices/common/known_camera.ts";
import type { Packet } from "../packets/packet.ts";
import type { Status } from "../packets/status.ts";
import type { StreamItem, StreamStatistics } from "../stream/stream_item.ts";
import type { WebRecorder, WebRecordOptions, WebRecordTarget } from "./web_recorder.ts";

/** What a camera measures, by the names of `device.sensors` elsewhere; in a page each returns a promise. */
export type WebSensors<Sensors> = {
  readonly [Name in keyof Sensors]: Sensors[Name] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => Promise<Result>
    : never;
};

/**
 * An open camera in a web page: an endless iterable of `{ status, packet }`. `open` makes one.
 *
 * It is the `Device` of the other runtimes, as far as WebUSB allows. What needs the bus returns a promise, and there is
 * no blocking loop. All else is equal: a loop borrows the device, one reader at a time, a packet belongs to its holder,
 * and what is lost is counted and marked.
 *
 * A browser hands transfers over while the page's thread is free. A thread that is busy for longer than the queued
 * transfers last (at 100 MB/s some 40 ms) makes the camera drop events, which the sensor's time tells: such a place is
 * one of `status.gaps`, with a `timeJumpUs`. A dedicated Worker has a thread of its own and opens cameras as a page does.
 *
 * A page that is closed or left lets go of the camera without a command, so the sensor stays on until it is opened again.
 */
export interface WebDeviceOf<Type extends CameraType, P> extends KnownCamera<Type> {
  /**
   * Totals since the camera was opened, read now; of a closed device those of its end. A transfer that fails in a browser
   * takes its bytes with it: it counts in `errors` and `droppedTransfers`, and how many bytes it had is unknown.
   */
  readonly statistics: StreamStatistics;
  /**
   * Throws old raw packets away until at most `until` (default 0) of those that wait now are left, to come back to the
   * present. The decoder follows their time, so what comes next is right. Returns what was thrown away, as a status.
   *
   * @throws {TypeError | RangeError} for a wrong option.
   * @throws {NeuromorphicError} "closed".
   */
  clearBacklog(options?: ClearBacklogOptions): Status;
  /**
   * Writes what the camera sends from now on as a Prophesee RAW file: to a `WritableStream`, to a file that the user has
   * chosen (`FileSystemFileHandle`), or, without a target, to a `Blob` of the result. The receipt, which tells what the file
   * holds and what is missing, is a `Blob` of the result, too. It depends on no loop, and no loop on it. What a slow target
   * does not take is lost to the file, counted and marked; the loop still gets it. Several recorders may run at once.
   *
   * @throws {TypeError | RangeError} for a wrong target or option.
   * @throws {NeuromorphicError} "closed".
   */
  recordTo(target?: WebRecordTarget, options?: WebRecordOptions): WebRecorder;
  /**
   * Changes what is named and leaves the rest; only what differs is sent. Has taken effect when it resolves. Where it fails
   * half-way, all is set back to {@link configuration}. Where that fails, too, the error says so, and the next change sends
   * everything. Calls that come meanwhile follow in their order.
   *
   * @throws {TypeError | RangeError} before any traffic, for values out of range.
   * @throws {NeuromorphicError} "unsupported" for the clock, which is fixed while the sensor runs; "closed",
   * "disconnected", "io", "protocol".
   */
  updateConfiguration(changes: Cameras[Type]["changes"]): Promise<void>;
  /** What this camera measures besides events, for example a temperature; each camera has its own. */
  readonly sensors: WebSensors<Cameras[Type]["sensors"]>;
  /**
   * The same items as a web stream. It is one iteration, and borrows the device as a loop does. It is the same stream until
   * it has ended, and a new one after that. `device.readable.tee()` gives two consumers all items each.
   */
  readonly readable: ReadableStream<StreamItem<P>>;
  /**
   * Stops the sensor and releases the camera, within two seconds whatever the camera does; a loop that runs ends quietly.
   * Safe to call twice: the second call waits for the same end.
   */
  close(): Promise<void>;
  /** Iterates. */
  [Symbol.asyncIterator](): AsyncIterableIterator<StreamItem<P>, undefined>;
  /** The same as {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * An open camera of one of some types: a union, told apart by `type`. `WebDevice` is any camera that is decoded,
 * `WebDevice<"prophesee-evk4">` one of a type, `WebDevice<CameraType, Uint8Array>` any camera in raw mode.
 */
export type WebDevice<Type extends CameraType = CameraType, P = Packet> = Type extends CameraType ? WebDeviceOf<Type, P>
  : never;
