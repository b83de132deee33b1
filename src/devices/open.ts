import { boolean, instanceOf, number, options as optionsOf, text, wholeNumber } from "../checks.ts";
import { NativeDecoder } from "../decoder/native_decoder.ts";
import { loadNative, type Native } from "../native/native.ts";
import type { Packet } from "../packets/packet.ts";
import { EventStream } from "../stream/event_stream.ts";
import {
  checkAgainstSystem,
  completeUsbConfiguration,
  defaultUsbConfiguration,
  readUsbfsLimit,
  type UsbConfiguration,
  type UsbConfigurationChanges,
} from "../stream/usb_configuration.ts";
import { libusbErrorName } from "../usb/errors.ts";
import type { LibusbSelection } from "../types.ts";
import { CameraDevice, type Device } from "./device.ts";
import { closeOpenDevices, closeQuietly, closingOrder, type DeviceParts, shutdownOf } from "./device_core.ts";
import type { OpenCamera } from "../cameras/driver.ts";
import { findCamera, type FoundCamera } from "./find_camera.ts";
import type { PropheseeEvk4Changes } from "../cameras/prophesee_evk4/configuration.ts";
import { DRIVERS } from "../cameras/registry.ts";
import { run } from "../protocol/run.ts";
import { realSettling, skippedSettling } from "../usb/settling.ts";

/** What {@link open} shall open, and how. */
export interface OpenOptions {
  /** Serial of the wanted camera, upper or lower case. Without it the first camera found is opened. */
  readonly serial?: string | undefined;
  /** Which libusb-1.0: `"system"` (default), `"virtual"` (the virtual camera), or the path of a library. */
  readonly libusb?: LibusbSelection | undefined;
  /** What differs from the camera's default configuration. */
  readonly configuration?: PropheseeEvk4Changes | undefined;
  /** True: packets are the bytes as they came over USB (`Uint8Array`), not decoded. Default false. */
  readonly raw?: boolean | undefined;
  /**
   * Milliseconds after which an iteration gives `packet: undefined` when nothing came, from 0 to 2,147,483,647. Default:
   * it waits. Real cameras send time words even in the dark, so this happens when the output is off or a cable is bad.
   */
  readonly iteratorTimeoutMs?: number | undefined;
  /**
   * The most raw packets (USB transfers) that one packet is made of, from 0 to 4,294,967,295; 0 = no limit. Default 64.
   * Smaller values give smaller packets under load; without load packets are made of what is there. Other limits stay:
   * a decoded packet has at most `maximumEventsPerPacket` events, one in raw mode at most 8 MiB, or one raw packet.
   */
  readonly iteratorMaximumRawPackets?: number | undefined;
  /** Sizes of the transfers and of the ring. */
  readonly usbConfiguration?: UsbConfigurationChanges | undefined;
  /** Aborting it stops opening, or closes the device; loops then throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a device opened with these options gives: `Uint8Array` where `raw` is true, `Packet` where it is false or absent,
 * either where only the running program knows; and `undefined`, unless `iteratorTimeoutMs` is certainly absent.
 */
export type PacketOf<Options extends OpenOptions> = Options extends unknown ?
    | (true extends Given<Options, "raw"> ? Uint8Array<ArrayBuffer> : never)
    | (Given<Options, "raw"> extends true ? never : Packet)
    | (Given<Options, "iteratorTimeoutMs"> extends undefined ? never : undefined)
  : never;

type Given<Options, Name extends keyof OpenOptions> = Name extends keyof Options ? Options[Name] : undefined;

/**
 * Opens a camera, brings its sensor up (about 5 seconds on a real EVK4) and starts the stream. Where it throws, nothing
 * stays open or claimed.
 *
 * @throws {TypeError | RangeError} for an option out of its range, before any USB traffic.
 * @throws {NeuromorphicError} "device-not-found", "busy", "permission-denied", "disconnected", "protocol", "io",
 * "native-library".
 * @throws {NeuromorphicError} "unsupported" where two cameras have the wanted serial, the camera names an unknown
 * manufacturer or product, the system's libusb cannot open the device, `NEUROMORPHIC_DRIVERS_KERNEL` names a kernel that
 * this CPU cannot run, or the process has 64 devices or 256 decoders already.
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" }); // without the option: a real camera
 * let events = 0;
 * for await (const { status, packet } of device) {
 *   events += packet.polarityEvents?.t.length ?? 0;
 *   if (status.currentTime !== undefined && status.currentTime > 10_000) break;
 * }
 * console.log(`${events} events of ${device.name} ${device.serial}`);
 * ```
 */
export async function open<const Options extends OpenOptions = Record<never, never>>(
  options: Options = {} as Options,
): Promise<Device<PacketOf<Options>>> {
  const checked = checkOptions(options);
  const { signal, serial, libusb = "system", configuration, usbConfiguration = defaultUsbConfiguration } = checked;
  signal?.throwIfAborted();
  const native = await loadNative();
  const found = await findCamera({ libusb, serial });
  const { driver, handle, context } = found;
  const settling = found.libusb.isVirtual ? skippedSettling : realSettling;
  let closables: readonly { close(): void }[] = [handle, context];
  try {
    const camera = await run(driver.open(driver.checkConfiguration(configuration)), { bus: handle, settling, signal });
    closables = [shutdownOf(camera, handle, settling), handle, context];
    checkAgainstSystem(usbConfiguration, {
      maxPacketSize: found.usbDevice.maxPacketSize(camera.events.endpoint),
      usbfsLimit: found.libusb.isVirtual ? undefined : readUsbfsLimit(),
    });
    const stream = startStream(native, found, camera, { ...checked, usbConfiguration });
    closables = closingOrder({ camera, stream, handle, settling, context });
    signal?.throwIfAborted();
    closeAtExit(native);
    return new CameraDevice<PacketOf<Options>>(partsOf(found, { camera, stream, settling }, checked));
  } catch (error) {
    closeQuietly(closables);
    throw error;
  }
}

function startStream(
  native: Native,
  found: FoundCamera,
  { properties: { width, height }, events: { endpoint, format } }: OpenCamera,
  { raw = false, iteratorMaximumRawPackets = 64, usbConfiguration }: OpenOptions & {
    readonly usbConfiguration: UsbConfiguration;
  },
): EventStream {
  const decoder = raw ? undefined : new NativeDecoder(native, { format, width, height });
  try {
    return new EventStream(native, {
      libusbPath: found.libusb.path,
      context: found.context.address,
      deviceHandle: found.handle.nativeHandle,
      endpoint,
      format,
      usbConfiguration,
      libusbErrorName,
      device: found.handle.description,
      decoder,
      maximumRawPackets: iteratorMaximumRawPackets,
    });
  } catch (error) {
    decoder?.close();
    throw error;
  }
}

function partsOf(
  found: FoundCamera,
  opened: Pick<DeviceParts, "camera" | "stream" | "settling">,
  options: OpenOptions,
): DeviceParts {
  return {
    ...opened,
    name: found.name,
    handle: found.handle,
    context: found.context,
    speed: found.usbDevice.speed,
    timeoutMs: options.iteratorTimeoutMs,
    signal: options.signal,
  };
}

const checkOptions = optionsOf<Omit<OpenOptions, "usbConfiguration"> & { usbConfiguration?: UsbConfiguration }>(
  "open",
  {
    serial: text,
    libusb: text,
    configuration: checkForSomeDriver,
    raw: boolean,
    iteratorTimeoutMs: number(0, 2 ** 31 - 1),
    iteratorMaximumRawPackets: wholeNumber(0, 2 ** 32 - 1),
    usbConfiguration: completeUsbConfiguration,
    signal: instanceOf(AbortSignal, "an AbortSignal"),
  },
);

/** Before the camera is known: a configuration that no driver accepts needs no USB traffic to be refused. */
function checkForSomeDriver(changes: unknown): PropheseeEvk4Changes {
  let first: unknown;
  for (const driver of DRIVERS) {
    try {
      driver.checkConfiguration(changes);
      return changes as PropheseeEvk4Changes;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

let closesAtExit = false;

/**
 * A program that ends with an open camera stops its sensor first, also where an uncaught error ends it. One that a
 * signal kills (Ctrl-C, where nobody listens to it) does not: the sensor goes on until the camera is opened again.
 */
function closeAtExit({ adapter }: Native): void {
  if (closesAtExit) return;
  closesAtExit = true;
  adapter.atExit(closeOpenDevices);
}
