import { clearInterval, setInterval } from "node:timers";
import { type CameraUsbId, driversFor } from "../cameras/cameras.ts";
import { NeuromorphicError } from "../errors.ts";
import { showAs } from "../shown.ts";
import type { LibusbSelection } from "../types.ts";
import { loadLibusb } from "../usb/libusb.ts";
import { type BusyPause, busyPause } from "./busy.ts";
import { isBusy, type ListableDevice, listDevice } from "./device_list.ts";
import type { ListedDevice } from "./discovery.ts";
import { DeviceEvent, type DeviceWatcher, DeviceWatchErrorEvent } from "./watch.ts";

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

/** Watches the bus of a libusb. */
export async function watchOn(
  selection: LibusbSelection,
  parts: Omit<WatcherParts, "createBus">,
): Promise<DeviceWatcher> {
  const libusb = await loadLibusb(selection);
  return await createWatcher({ ...parts, createBus: () => libusb.createContext() });
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
