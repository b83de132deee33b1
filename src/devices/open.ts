import type { CameraType } from "../cameras/cameras.ts";
import type { OpenCamera } from "../cameras/driver.ts";
import { NativeDecoder } from "../decoder/native_decoder.ts";
import { loadNative, type Native } from "../native/native.ts";
import { run } from "../protocol/run.ts";
import { EventStream } from "../stream/event_stream.ts";
import { defaultUsbConfiguration, type UsbConfiguration } from "../stream/usb_configuration.ts";
import { checkQueueLimit, readUsbfsLimit } from "../stream/usbfs_limit.ts";
import { libusbErrorName } from "../usb/errors.ts";
import { realSettling, skippedSettling } from "../usb/settling.ts";
import { CameraDevice } from "./camera_device.ts";
import type { Device } from "./device.ts";
import { closeOpenDevices, closeQuietly, closingOrder, type DeviceParts, shutdownOf } from "./device_core.ts";
import { findCamera, type FoundCamera } from "./find_camera.ts";
import type { PacketOf, TypeOf } from "./common/packet_of.ts";
import { type CheckedOptions, checkOpenOptions, type OpenOptions } from "./open_options.ts";

/**
 * Opens a camera, brings its sensor up (about 3 seconds on a real EVK4) and starts the stream. Where it throws, nothing
 * stays open or claimed. A camera that another program uses is asked again for about a second before that is an error:
 * the other program may only read its serial.
 *
 * Without the option `type` the device's type is the union of all supported cameras, which grows with each new one. So a
 * program that uses one camera's configuration or sensors gives `type`, or asks `device.type` first.
 *
 * @throws {TypeError | RangeError} for an option out of its range, before any USB traffic.
 * @throws {RangeError} for a bias that this camera's chip or model cannot have, which is known after the sensor's reset;
 * the camera is shut down again.
 * @throws {NeuromorphicError} "device-not-found", "busy", "permission-denied", "disconnected", "protocol", "io",
 * "native-library".
 * @throws {NeuromorphicError} "unsupported" where two cameras have the wanted serial, a device with a camera's ids is
 * another camera or has another sensor (the message tells what it answered), the system's libusb cannot open the device, `NEUROMORPHIC_DRIVERS_KERNEL` names a kernel that
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
): Promise<Device<TypeOf<Options>, PacketOf<Options>>> {
  const checked = checkOpenOptions(options);
  const { signal, type, serial, usbIds, libusb = "system", usbConfiguration = defaultUsbConfiguration } = checked;
  signal?.throwIfAborted();
  const native = await loadNative();
  if (libusb !== "virtual") checkQueueLimit(usbConfiguration, readUsbfsLimit());
  const found = await findCamera({ libusb, type, serial, usbIds, signal });
  const { driver, handle, context } = found;
  const settling = found.libusb.isVirtual ? skippedSettling : realSettling;
  let closables: readonly { close(): void }[] = [handle, context];
  try {
    const configuration = driver.checkConfiguration(checked.configuration);
    const camera = await run(driver.open(configuration), { bus: handle, settling, signal });
    closables = [shutdownOf(camera, handle, settling), handle, context];
    const stream = startStream(native, found, camera, { ...checked, usbConfiguration });
    closables = closingOrder({ camera, stream, handle, settling, context });
    signal?.throwIfAborted();
    closeAtExit(native);
    const device = new CameraDevice<CameraType, PacketOf<Options>>(
      partsOf(found, { camera, stream, settling }, checked),
    );
    return device as unknown as Device<TypeOf<Options>, PacketOf<Options>>;
  } catch (error) {
    closeQuietly(closables);
    throw error;
  }
}

function startStream(
  native: Native,
  found: FoundCamera,
  { properties: { width, height }, eventFormat: format }: OpenCamera,
  { raw = false, reuseBuffers = false, iteratorMaximumRawPackets = 64, usbConfiguration }: CheckedOptions & {
    readonly usbConfiguration: UsbConfiguration;
  },
): EventStream {
  const decoder = raw ? undefined : new NativeDecoder(native, { format, width, height });
  try {
    return new EventStream(native, {
      libusbPath: found.libusb.path,
      context: found.context.address,
      deviceHandle: found.handle.nativeHandle,
      endpoint: found.driver.eventsEndpoint,
      format,
      usbConfiguration,
      libusbErrorName,
      device: found.handle.description,
      decoder,
      maximumRawPackets: iteratorMaximumRawPackets,
      reuseBuffers,
    });
  } catch (error) {
    decoder?.close();
    throw error;
  }
}

function partsOf(
  found: FoundCamera,
  opened: Pick<DeviceParts, "camera" | "stream" | "settling">,
  options: CheckedOptions,
): DeviceParts {
  return {
    ...opened,
    type: found.type,
    name: found.name,
    handle: found.handle,
    context: found.context,
    speed: found.usbDevice.speed,
    timeoutMs: options.iteratorTimeoutMs,
    signal: options.signal,
  };
}

let closesAtExit = false;

/**
 * A program that ends with an open camera stops its sensor first, also where an uncaught error ends it. One that a
 * signal kills (Ctrl-C in a program that does not listen to it) does not: the sensor goes on until the camera is opened again.
 */
function closeAtExit({ adapter }: Native): void {
  if (closesAtExit) return;
  closesAtExit = true;
  adapter.atExit(closeOpenDevices);
}
