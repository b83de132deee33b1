// deno-lint-ignore-file require-await -- methods of WebUSB reject, and never throw at once
/** A bus with virtual cameras in the place of `navigator.usb`. */

import { arrayOf } from "../../checks.ts";
import type { VirtualSource } from "../../virtual/camera.ts";
import { virtualCameraJson } from "../../virtual/camera_json.ts";
import type { VirtualCameraDescription } from "../../virtual/description.ts";
import type { Usb, UsbConnectionEvent, UsbDevice, UsbDeviceFilter, UsbDeviceRequest } from "../usb_types.ts";
import { type Clock, pageClock } from "./clock.ts";
import { ModelCamera } from "./model_camera.ts";
import type { WebAssemblySource } from "../wasm/module_source.ts";
import { defaultModule, loadModel, type ModelModule } from "./model_module.ts";
import { checkVirtualWebOptions, type VirtualWebOptions } from "./options.ts";
import { VirtualUsbDevice } from "./virtual_device.ts";

/** A bus with virtual cameras, in the place of `navigator.usb`. Its devices need no permission of the user. */
export interface VirtualUsb extends Usb {
  /** The first device that fits a filter; rejects with NotFoundError where none does. It needs no click. */
  requestDevice(options: UsbDeviceRequest): Promise<UsbDevice>;
  /** Plugs a camera in, which `connect` tells. Rejects as {@link createVirtualUsb} does. */
  plugIn(camera?: VirtualWebOptions): Promise<UsbDevice>;
  /** Unplugs a device, which `disconnect` tells. Its queued transfers reject, as does all that comes later. */
  unplug(device: UsbDevice): void;
  /** What the cameras have done, in the order in which they were plugged in, with those that are unplugged by now. */
  describe(): readonly VirtualCameraDescription[];
  /** Unplugs all cameras. */
  close(): void;
}

/** How the virtual camera's model is had. */
export interface VirtualUsbOptions {
  /**
   * The model as WebAssembly. Default: the file `neuromorphic_virtual_camera.wasm` beside this module, or beside the
   * bundle that has it, fetched when a bus is first made.
   */
  readonly module?: WebAssemblySource | undefined;
}

interface Plugged {
  readonly device: VirtualUsbDevice;
  readonly camera: ModelCamera;
  /** Once it is unplugged. */
  last?: VirtualCameraDescription;
}

/** Linux's limit for all queued transfers. */
const DEFAULT_MEMORY_LIMIT_BYTES = 16 << 20;
const MAXIMUM_CAMERAS = 16;

/**
 * Makes a bus with virtual cameras, which takes the place of `navigator.usb`. The cameras are the model of the native
 * virtual camera, compiled to WebAssembly: registers, biases, masks and filters change the events, and what the page does
 * not fetch in time is lost in the camera and counted.
 *
 * @param cameras One camera or several, all on one cable for the clock. Default: one EVK4 that sees the scene.
 * @throws {TypeError | RangeError} for an option that is wrong, with its name and range.
 * @throws {NeuromorphicError} "io" for a recording that is refused, "native-library" where the model cannot be loaded.
 *
 * @example
 * ```ts ignore
 * import { createVirtualUsb, open } from "@neuromorphic/drivers/web";
 *
 * const usb = await createVirtualUsb({ model: "evk4", bytesPerSecond: 2_000_000 });
 * const [usbDevice] = await usb.getDevices();
 * const device = await open(usbDevice!, { usb, type: "prophesee-evk4" });
 * for await (const { packet } of device) {
 *   if (packet?.polarityEvents === undefined) continue;
 *   console.log(packet.polarityEvents.t.length, "events");
 *   break;
 * }
 * await device.close();
 * console.log(usb.describe()[0]?.bytesEmitted);
 * ```
 */
export async function createVirtualUsb(
  cameras: VirtualWebOptions | readonly VirtualWebOptions[] = {},
  { module }: VirtualUsbOptions = {},
): Promise<VirtualUsb> {
  return await createVirtualUsbWith(cameras, module ?? await defaultModule(), pageClock);
}

/** {@link createVirtualUsb} with a clock, for tests. */
export async function createVirtualUsbWith(
  cameras: VirtualWebOptions | readonly VirtualWebOptions[],
  module: WebAssemblySource,
  clock: Clock,
): Promise<VirtualUsb> {
  const checked = Array.isArray(cameras)
    ? arrayOf(checkVirtualWebOptions, MAXIMUM_CAMERAS)(cameras, "cameras")
    : [checkVirtualWebOptions(cameras, "camera")];
  const bus = new VirtualBusOfPage(await loadModel(module), clock);
  try {
    for (const camera of checked) await bus.add(camera);
  } catch (error) {
    bus.close();
    throw error;
  }
  return bus;
}

class VirtualBusOfPage implements VirtualUsb {
  readonly #model: ModelModule;
  readonly #clock: Clock;
  readonly #plugged: Plugged[] = [];
  readonly #events = new EventTarget();

  constructor(model: ModelModule, clock: Clock) {
    this.#model = model;
    this.#clock = clock;
  }

  async getDevices(): Promise<UsbDevice[]> {
    return this.#plugged.filter(({ last }) => last === undefined).map(({ device }) => device);
  }

  async requestDevice({ filters }: UsbDeviceRequest): Promise<UsbDevice> {
    const devices = await this.getDevices() as VirtualUsbDevice[];
    const chosen = devices.find((device) => filters.length === 0 || filters.some((filter) => fits(device, filter)));
    if (chosen === undefined) throw new DOMException("No device selected.", "NotFoundError");
    return chosen;
  }

  addEventListener(type: "connect" | "disconnect", listener: (event: UsbConnectionEvent) => void): void {
    this.#events.addEventListener(type, listener as (event: Event) => void);
  }

  removeEventListener(type: "connect" | "disconnect", listener: (event: UsbConnectionEvent) => void): void {
    this.#events.removeEventListener(type, listener as (event: Event) => void);
  }

  async plugIn(camera: VirtualWebOptions = {}): Promise<UsbDevice> {
    const device = await this.add(checkVirtualWebOptions(camera, "camera"));
    this.#events.dispatchEvent(new ConnectionEvent("connect", device));
    return device;
  }

  /** Plugs in what was checked, without an event. */
  async add(options: VirtualWebOptions): Promise<UsbDevice> {
    const { permission = true, memoryLimitBytes = DEFAULT_MEMORY_LIMIT_BYTES, source, ...others } = options;
    const file = source?.kind === "recording" ? source.file : undefined;
    const content = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
    const json = virtualCameraJson({ ...others, source: withName(source) });
    const camera = new ModelCamera(this.#model, json, content);
    const device = new VirtualUsbDevice(camera, {
      clock: this.#clock,
      permission,
      memoryLimitBytes,
      gone: () => this.unplug(device),
    });
    this.#plugged.push({ device, camera });
    return device;
  }

  unplug(device: UsbDevice): void {
    const plugged = this.#plugged.find((each) => each.device === device && each.last === undefined);
    if (plugged === undefined) return;
    plugged.device.disconnect();
    plugged.last = { ...plugged.camera.describe(), present: false, streaming: false };
    plugged.camera.destroy();
    this.#events.dispatchEvent(new ConnectionEvent("disconnect", device));
  }

  describe(): readonly VirtualCameraDescription[] {
    return this.#plugged.map(({ camera, last }) => last ?? camera.describe());
  }

  close(): void {
    for (const { device } of this.#plugged) this.unplug(device);
  }
}

class ConnectionEvent extends Event implements UsbConnectionEvent {
  readonly device: UsbDevice;

  constructor(type: "connect" | "disconnect", device: UsbDevice) {
    super(type);
    this.device = device;
  }
}

/** As natively: a recording has a name, by which a message tells of it. */
function withName(source: VirtualWebOptions["source"]): VirtualSource | undefined {
  if (source?.kind !== "recording") return source;
  const { name = "the file" } = source.file as { name?: string };
  return { kind: source.kind, path: name };
}

function fits(device: VirtualUsbDevice, filter: UsbDeviceFilter): boolean {
  return (filter.vendorId ?? device.vendorId) === device.vendorId &&
    (filter.productId ?? device.productId) === device.productId &&
    (filter.serialNumber ?? device.serialNumber) === device.serialNumber &&
    (filter.classCode === undefined ||
      classesOf(device).some(([code, subclass, protocol]) =>
        filter.classCode === code && (filter.subclassCode ?? subclass) === subclass &&
        (filter.protocolCode ?? protocol) === protocol
      ));
}

/** Of the device and its interfaces. */
function classesOf(device: VirtualUsbDevice): (readonly [number, number, number])[] {
  const ofInterfaces = device.configurations.flatMap(({ interfaces }) => interfaces)
    .flatMap(({ alternates }) => alternates)
    .map(({ interfaceClass, interfaceSubclass, interfaceProtocol }) =>
      [interfaceClass, interfaceSubclass, interfaceProtocol] as const
    );
  return [[device.deviceClass, device.deviceSubclass, device.deviceProtocol], ...ofInterfaces];
}
