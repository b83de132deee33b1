import type { Cameras, CameraType } from "../cameras/cameras.ts";
import type { Packet } from "../packets/packet.ts";
import type { Status } from "../packets/status.ts";
import type { StreamItem, StreamStatistics } from "../stream/stream_item.ts";
import type { ClearBacklogOptions } from "./common/clear_backlog.ts";
import type { KnownCamera } from "./common/known_camera.ts";
import type { RecordOptions } from "./common/record_options.ts";
import type { Recorder } from "./recorder.ts";

/**
 * An open camera: an endless iterable of `{ status, packet }`. {@link open} makes one.
 *
 * A loop borrows the device, its scope owns it. Leaving a loop (`break`, `return`, `throw`) ends the iteration and
 * nothing else: the camera streams on into the ring, and the next loop goes on where the last one stopped.
 * {@link Device.clearBacklog} before a loop leaves out what came in between.
 *
 * {@link Device.close}, the end of a `using` scope, an aborted signal and the garbage collector stop the sensor and
 * release the camera; so does the program's end, also by an uncaught error. But no JavaScript runs any more where a signal
 * kills the program (Ctrl-C without a listener): the sensor stays on then until the camera is opened and closed again.
 *
 * A device has one reader at a time: a loop, an iterator, or a reader of {@link Device.readable}. A second one gets a
 * TypeError from its first `next()`. The first one is in the way from its first `next()` to its end: to the end of its
 * loop, to its `return()`, or, where the program has dropped it, until the garbage collector finds it. Two consumers read
 * the two branches of `device.readable.tee()`.
 *
 * `next()` may be called before the last call is settled; calls are answered in their order.
 *
 * A loop over a closed device throws what ended it: the signal's reason, "disconnected", "io", or else "closed", with
 * what closed it. A loop that runs while the program closes the device ends quietly.
 *
 * `P` is `Packet`, or `Uint8Array` in raw mode, with `undefined` where a timeout was asked for.
 *
 * A packet belongs to its holder: it is valid as long as it is held; see {@link Packet}, and the option `reuseBuffers`.
 *
 * An iteration waits for something to happen: an event or a trigger is handed over at once, raw or decoded. Where only
 * the sensor's time goes on, packets without events come ten to twenty times a second, so that a covered lens costs little.
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" });
 * const { width, height, sensor } = device.properties;
 * console.log(`${device.name} ${device.serial}, ${sensor}, ${width} x ${height}, firmware ${device.firmware.version}`);
 * for await (const { packet } of device) {
 *   if (packet.polarityEvents !== undefined) break; // leaves the loop; the camera streams on
 * }
 * console.log(device.closed, device.statistics.bytes);
 * ```
 *
 * @example A sweep: several short loops over one device
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ type: "prophesee-evk4", libusb: "virtual" });
 * for (const diffOn of [0, 20, 40]) {
 *   device.updateConfiguration({ biases: { diffOn } });
 *   device.clearBacklog(); // events of the setting before
 *   let events = 0;
 *   let bytes = 0;
 *   for await (const { status, packet } of device) {
 *     events += packet.polarityEvents?.t.length ?? 0;
 *     bytes += status.bytes;
 *     if (bytes > 100_000) break;
 *   }
 *   console.log(`diffOn ${diffOn}: ${events} events`);
 * }
 * ```
 */
export interface DeviceOf<Type extends CameraType, P> extends KnownCamera<Type> {
  /** Totals since the camera was opened, read now; of a closed device those of its end. */
  readonly statistics: StreamStatistics;
  /**
   * Throws old raw packets away until at most `until` (default 0) of those that wait now are left, to come back to the
   * present. The decoder follows their time, so what comes next is right. Returns what was thrown away, as a status.
   *
   * @throws {TypeError | RangeError} for a wrong option.
   * @throws {NeuromorphicError} "closed".
   *
   * @example
   * ```ts
   * import { open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ libusb: "virtual" });
   * await new Promise((resolve) => setTimeout(resolve, 100)); // what comes meanwhile shall not be read
   * const { rawPackets, bytes } = device.clearBacklog();
   * console.log(`${rawPackets} raw packets of ${bytes} bytes thrown away, ${device.statistics.backlog} wait`);
   * ```
   */
  clearBacklog(options?: ClearBacklogOptions): Status;
  /**
   * Writes what the camera sends from now on to a Prophesee RAW file, and beside it the receipt,
   * `<path>.receipt.jsonl`, which tells what the file holds and what is missing. Native code does that on a thread of its
   * own: it depends on no loop, and no loop on it. What a slow disk does not take is lost to the file, counted and marked;
   * the loop still gets it. Several recorders may run at once. An URL is one with `file:`.
   *
   * The file is readable at any moment. Where the program is killed, it lacks what waited for the disk: the last 100 ms
   * at most, where the disk keeps up.
   *
   * @throws {TypeError | RangeError} for a wrong option, and for a path with the ending of another format (`events.csv`).
   * @throws {NeuromorphicError} "file-exists" without `force`, "file-not-found" for a missing folder,
   * "permission-denied", "no-space", "io" for a path that is a folder's; "closed"; "unsupported" where 64 recorders run.
   *
   * @example
   * ```ts
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * import { open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ libusb: "virtual" });
   * await using recorder = device.recordTo(join(tmpdir(), "beside.raw"), { seconds: 1, force: true });
   * for await (const { status } of device) {
   *   if (status.currentTime !== undefined && status.currentTime > 200_000) break;
   * }
   * const { bytes, gaps, reason } = await recorder.stop();
   * console.log(`${bytes} bytes with ${gaps} gaps, ended by ${reason}`);
   * ```
   */
  recordTo(path: string | URL, options?: RecordOptions): Recorder;
  /**
   * Changes what is named and leaves the rest; only what differs is sent. Takes effect before this returns. Where it fails
   * half-way, all is set back to {@link configuration}. Where that fails, too, the error says so, and the next change sends
   * everything.
   *
   * @throws {TypeError | RangeError} before any traffic, for values out of range.
   * @throws {NeuromorphicError} "unsupported" for the clock, which is fixed while the sensor runs; "closed",
   * "disconnected", "io", "protocol".
   *
   * @example
   * ```ts
   * import { open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ type: "prophesee-evk4", libusb: "virtual" });
   * device.updateConfiguration({
   *   biases: { diffOn: 10 }, // above the chip's own; the other biases stay
   *   rateLimiter: { referencePeriodUs: 1000, maximumEventsPerPeriod: 10_000 },
   * });
   * console.log(device.configuration.biases.diffOn); // 10
   * device.updateConfiguration({ rateLimiter: null }); // no limit any more
   * ```
   */
  updateConfiguration(changes: Cameras[Type]["changes"]): void;
  /**
   * What this camera measures besides events, for example a temperature; each camera has its own. Where the type of the
   * camera is not known, ask first: `if ("temperatureCelsius" in device.sensors)`.
   *
   * @example
   * ```ts
   * import { open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ libusb: "virtual" });
   * if ("temperatureCelsius" in device.sensors) console.log(`${device.sensors.temperatureCelsius().toFixed(1)} °C`);
   * ```
   */
  readonly sensors: Cameras[Type]["sensors"];
  /**
   * The same items as a web stream. It is one iteration, and borrows the device as a loop does: it begins at the first
   * read, and takes an item when one is read. Cancelling the stream, as leaving a loop over it does, ends the iteration
   * and leaves the device open. It is the same stream until then, and a new one after that.
   *
   * `device.readable.tee()` gives two consumers all items each. The branches share the packets' memory: leave it as it
   * is, and do not move it away. A branch keeps what the other one has read and it has not, without a limit.
   *
   * @example
   * ```ts
   * import { open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ libusb: "virtual" });
   * const counts = device.readable.pipeThrough(
   *   new TransformStream({
   *     transform: ({ packet }, controller) => controller.enqueue(packet.polarityEvents?.t.length ?? 0),
   *   }),
   * );
   * for await (const count of counts) if (count > 0) break;
   * for await (const { packet } of device) if (packet.polarityEvents !== undefined) break; // goes on
   * ```
   */
  readonly readable: ReadableStream<StreamItem<P>>;
  /** Stops the sensor and releases the camera; a loop that runs ends quietly. Safe to call twice. */
  close(): void;
  /** Iterates without blocking the event loop. */
  [Symbol.asyncIterator](): AsyncIterableIterator<StreamItem<P>, undefined>;
  /** Iterates and blocks the thread while nothing is there: for scripts. Signals and timers do not run meanwhile. */
  [Symbol.iterator](): IterableIterator<StreamItem<P>, undefined>;
  /** The same as {@link close}: for `using`. */
  [Symbol.dispose](): void;
  /** The same as {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * An open camera of one of some types: a union, told apart by `type`. `Device` is any camera that is decoded,
 * `Device<"prophesee-evk4">` one of a type, `Device<CameraType, Uint8Array>` any camera in raw mode.
 *
 * The union of all types grows with each supported camera. What only one of them has needs its type: give `type` to
 * {@link open}, or ask `device.type`.
 *
 * @example
 * ```ts
 * import { type Device, open } from "@neuromorphic/drivers";
 *
 * function lessNoise(device: Device): void {
 *   if (device.type !== "prophesee-evk4") return; // a later version may find another camera
 *   device.updateConfiguration({ biases: { diffOn: 20, diffOff: -20 } });
 * }
 *
 * await using device = await open({ libusb: "virtual" });
 * lessNoise(device);
 * ```
 */
export type Device<Type extends CameraType = CameraType, P = Packet> = Type extends CameraType ? DeviceOf<Type, P>
  : never;
