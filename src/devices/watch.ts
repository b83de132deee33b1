import { clearInterval, setInterval } from "node:timers";
import { boolean, number, options as optionsOf } from "../checks.ts";
import { NeuromorphicError } from "../errors.ts";
import { showAs } from "../shown.ts";
import type { LibusbSelection } from "../types.ts";
import { libusbSelection, loadLibusb } from "../usb/libusb.ts";
import { type BusyPause, busyPause } from "./busy.ts";
import { isBusy, type ListableDevice, listDevice, type ListedDevice } from "./discovery.ts";
import { type CameraUsbId, driversFor } from "../cameras/cameras.ts";
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
  const { libusb: selection = "system", usbIds, intervalMs = 1000, keepAlive = false } = checkOptions(options);
  const libusb = await loadLibusb(selection);
  return await createWatcher({ createBus: () => libusb.createContext(), usbIds, intervalMs, keepAlive });
}

const checkOptions = optionsOf<WatchDevicesOptions>("watchDevices", {
  libusb: libusbSelection,
  usbIds: cameraUsbIds,
  intervalMs: number(10, 2 ** 31 - 1),
  keepAlive: boolean,
});

/** What a watcher needs of a session with libusb; a `UsbContext` is one. */
export interface WatchedBus {
  devices(): readonly ListableDevice[];
  close(): void;
}

/** What a watcher is made of. */
export interface WatcherParts {
  readonly createBus: () => WatchedBus;
  readonly usbIds?: readonly CameraUsbId[] | undefined;
  readonly intervalMs: number;
  readonly keepAlive: boolean;
  /** The pause before cameras that are busy at the start are asked once more. */
  readonly pause?: BusyPause;
}

/** A watcher over its parts. Which event a type has is a promise of this file, so the types need a word. */
export async function createWatcher(parts: WatcherParts): Promise<DeviceWatcher> {
  const watcher = new PollingDeviceWatcher(parts);
  await watcher.start(parts);
  return watcher as EventTarget as DeviceWatcher;
}

/**
 * Looks at the bus in a session of its own each time: one that stays would learn of changes from the system's device
 * manager only, which containers and small systems lack, and would collect a message for each change.
 */
class PollingDeviceWatcher extends EventTarget implements Omit<DeviceWatcher, keyof EventTarget> {
  readonly #createBus: () => WatchedBus;
  readonly #usbIds: readonly CameraUsbId[] | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Announced cameras by their place. */
  #known: ReadonlyMap<string, ListedDevice> = new Map();
  /** Places of new cameras that refused when they were asked first. */
  #asked: ReadonlySet<string> = new Set();
  #looking = false;
  #closed = false;

  constructor({ createBus, usbIds }: Pick<WatcherParts, "createBus" | "usbIds">) {
    super();
    this.#createBus = createBus;
    this.#usbIds = usbIds;
  }

  /** The first look, and a second one at cameras that are busy: another program may only read their serial. */
  async start({ intervalMs, keepAlive, pause = busyPause }: Omit<WatcherParts, "createBus" | "usbIds">): Promise<void> {
    const { known } = await this.#look(true);
    const answered = new Map([...known].filter(([, device]) => !isBusy(device)));
    this.#known = answered;
    if (answered.size < known.size) {
      await pause();
      this.#known = (await this.#look(true)).known;
    }
    this.#timer = setInterval(() => void this.#update(), intervalMs);
    if (!keepAlive) this.#timer.unref();
  }

  get devices(): readonly ListedDevice[] {
    return [...this.#known.values()];
  }

  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** Where a camera answers late, the next look comes late, too. */
  async #update(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const before = this.#known;
    try {
      const { known, asked } = await this.#look(false);
      this.#known = known;
      this.#asked = asked;
    } catch (error) {
      if (!(error instanceof NeuromorphicError)) throw error;
      if (!this.#closed) this.dispatchEvent(new DeviceWatchErrorEvent(error));
      return;
    } finally {
      this.#looking = false;
    }
    const now = this.#known;
    for (const [place, device] of before) if (!now.has(place)) this.#announce("disconnect", device);
    for (const [place, device] of now) if (!before.has(place)) this.#announce("connect", device);
  }

  /** A listener may have closed the watcher. */
  #announce(type: "connect" | "disconnect", device: ListedDevice): void {
    if (!this.#closed) this.dispatchEvent(new DeviceEvent(type, device));
  }

  /** What is there now. At the start, cameras that refuse are taken as they are: programs may stream from them. */
  async #look(first: boolean): Promise<{ known: Map<string, ListedDevice>; asked: Set<string> }> {
    const known = new Map<string, ListedDevice>();
    const asked = new Set<string>();
    const bus = this.#createBus();
    try {
      for (const device of bus.devices()) {
        const candidates = driversFor(device.vendorId, device.productId, this.#usbIds);
        if (candidates.length === 0) continue;
        const place = [device.bus, device.address, device.vendorId, device.productId].join(":");
        const listed = this.#known.get(place) ?? await listDevice(device, candidates);
        if (listed.error === undefined || first || this.#known.has(place) || this.#asked.has(place)) {
          known.set(place, listed);
        } else {
          asked.add(place);
        }
      }
    } finally {
      bus.close();
    }
    return { known, asked };
  }
}

showAs(PollingDeviceWatcher, "DeviceWatcher", ({ devices, closed }) => ({ devices: devices.length, closed }));
