/** How a camera is opened: all that a device needs is loaded with this module. */

import type { CameraType } from "../cameras/cameras.ts";
import type { OpenCamera } from "../cameras/driver.ts";
import { NativeDecoder } from "../decoder/native_decoder.ts";
import { loadNative, type Native } from "../native/native.ts";
import { run } from "../protocol/run.ts";
import { EventStream } from "../stream/event_stream.ts";
import type { AnyPacket } from "../stream/stream_item.ts";
import { defaultUsbConfiguration, type UsbConfiguration } from "../stream/usb_configuration.ts";
import { checkQueueLimit, readUsbfsLimit } from "../stream/usbfs_limit.ts";
import { libusbErrorName } from "../usb/errors.ts";
import { realSettling, skippedSettling } from "../usb/settling.ts";
import { CameraDevice } from "./camera_device.ts";
import { closeOpenDevices, closeQuietly, closingOrder, type DeviceParts, shutdownOf } from "./device_core.ts";
import { findCamera, type FoundCamera } from "./find_camera.ts";
import { checkConfiguration } from "./common/camera_options.ts";
import type { CheckedOptions } from "./open_options.ts";

/** Opens a camera, whose options were checked but for the configuration. See {@link open}. */
export async function openCamera(options: CheckedOptions): Promise<CameraDevice<CameraType, AnyPacket | undefined>> {
  const checked = await checkConfiguration(options);
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
    return new CameraDevice(partsOf(found, { camera, stream, settling }, checked));
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
