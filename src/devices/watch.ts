import { boolean, number, options as optionsOf } from "../checks.ts";
import type { NeuromorphicError } from "../errors.ts";
import type { LibusbSelection } from "../types.ts";
import { libusbSelection } from "../usb/selection.ts";
import type { ListedDevice } from "./discovery.ts";
import type { CameraUsbId } from "../cameras/cameras.ts";
import type { TypedEventTarget } from "./common/typed_event_target.ts";
import { cameraUsbIds } from "./common/usb_ids.ts";

/** How {@link watchDevices} looks for cameras. */
export interface WatchDevicesOptions {
  /** Which libusb-1.0: `"system"` (default), `"virtual"` (the virtual camera), or the path of a library. */
  readonly libusb?: LibusbSelection | undefined;
  /** Ids under which cameras may answer, too: see the option of the same name of {@link open}. Default: none. */
  readonly usbIds?: readonly CameraUsbId[] | undefined;
  /** Milliseconds between two looks at the bus, from 10 to 2,147,483,647. Default 1000. */
  readonly intervalMs?: number | undefined;
  /** Whether the watcher alone keeps the process running. Default false: watching ends with the program. */
  readonly keepAlive?: boolean | undefined;
}

/** A camera was plugged in (`"connect"`) or unplugged (`"disconnect"`). */
export class DeviceEvent extends Event {
  /** The camera, as `listDevices` describes it; after it was unplugged, as it was known before. */
  readonly device: ListedDevice;

  /** Makes an event; the library dispatches it, programs listen. */
  constructor(type: "connect" | "disconnect", device: ListedDevice) {
    super(type);
    this.device = device;
  }
}

/** A look at the bus failed (`"error"`); the cameras stay as they were known. */
export class DeviceWatchErrorEvent extends Event {
  /** Why. */
  readonly error: NeuromorphicError;

  /** Makes an event; the library dispatches it, programs listen. */
  constructor(error: NeuromorphicError) {
    super("error");
    this.error = error;
  }
}

/** The events of a {@link DeviceWatcher}, by type. */
export interface DeviceWatcherEvents {
  /** A camera was plugged in. */
  readonly connect: DeviceEvent;
  /** A camera was unplugged. */
  readonly disconnect: DeviceEvent;
  /** A look at the bus failed. */
  readonly error: DeviceWatchErrorEvent;
}

/** Tells when cameras come and go, until it is closed. {@link watchDevices} makes one. */
export interface DeviceWatcher extends TypedEventTarget<DeviceWatcherEvents> {
  /** The cameras that are connected, as of the last look. Those there at the start cause no `connect`. */
  readonly devices: readonly ListedDevice[];
  /** True after {@link close}. */
  readonly closed: boolean;
  /** Ends the watching. Safe to call twice. */
  close(): void;
  /** The same as {@link close}: for `using`. */
  [Symbol.dispose](): void;
  /** The same as {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Watches for cameras that are plugged in and unplugged, by looking at the bus again and again.
 *
 * A camera that is new is opened once to read its serial; one that refuses (the system may not have set its
 * permissions yet, another program may read the serial, too) is asked again at the next look and announced then, with
 * its `error` if need be. At the start, one that is busy is asked again after 50 to 150 ms. Cameras that are
 * known are not touched, so a stream is not disturbed. One that is unplugged and plugged again between two looks has a
 * new address and causes `disconnect`, then `connect`.
 *
 * @throws {TypeError | RangeError} for an unknown option, one of the wrong type or out of its range.
 * @throws {NeuromorphicError} "native-library", "permission-denied" or "io" where libusb does not load or start.
 *
 * @example
 * ```ts
 * import { watchDevices } from "@neuromorphic/drivers";
 *
 * await using watcher = await watchDevices({ libusb: "virtual" });
 * watcher.addEventListener("connect", ({ device }) => console.log("connected:", device.name, device.serial));
 * watcher.addEventListener("disconnect", ({ device }) => console.log("disconnected:", device.name, device.serial));
 * console.log(watcher.devices.length); // 1
 * ```
 */
export async function watchDevices(options: WatchDevicesOptions = {}): Promise<DeviceWatcher> {
  const { libusb = "system", usbIds, intervalMs = 1000, keepAlive = false } = checkOptions(options);
  const { watchOn } = await import("./polling_watcher.ts");
  return await watchOn(libusb, { usbIds, intervalMs, keepAlive });
}

const checkOptions = optionsOf<WatchDevicesOptions>("watchDevices", {
  libusb: libusbSelection,
  usbIds: cameraUsbIds,
  intervalMs: number(10, 2 ** 31 - 1),
  keepAlive: boolean,
});
