import { type CameraType, type DriverCandidate, driversFor } from "../cameras/cameras.ts";
import type { CameraDriver, OpenCamera } from "../cameras/driver.ts";
import { NativeDecoder } from "../decoder/native_decoder.ts";
import { askDrivers, type AskedCamera, candidateNames, otherDeviceError } from "../devices/common/identification.ts";
import type { PacketOf, TypeOf } from "../devices/common/packet_of.ts";
import { deviceError, NeuromorphicError } from "../errors.ts";
import { type Library, loadLibrary } from "../native/library.ts";
import { readDeviceName } from "../protocol/descriptors.ts";
import { wasAhead } from "../protocol/failures.ts";
import { run } from "../protocol/run.ts";
import type { Settling } from "../protocol/settling.ts";
import type { UsbSpeed } from "../types.ts";
import { CameraWebDevice } from "./camera_web_device.ts";
import { navigatorUsb } from "./navigator_usb.ts";
import { type CheckedWebOptions, checkWebOpenOptions, type WebOpenOptions } from "./open_options.ts";
import { pageSettling, skippedSettling } from "./page_settling.ts";
import { checkUsbDevice } from "./usb_checks.ts";
import { UsbHandle } from "./usb_handle.ts";
import type { UsbDevice } from "./usb_types.ts";
import type { WebDevice } from "./web_device.ts";
import type { WebDeviceParts } from "./web_device_core.ts";
import { WebStream } from "./web_stream.ts";
import { defaultWebUsbConfiguration } from "./web_usb_configuration.ts";

/**
 * Opens a camera, brings its sensor up (about 3 seconds on a real EVK4) and starts the stream. Where it rejects, nothing
 * stays open or claimed. An interface that is taken is asked for again for about a second before that is an error: a
 * browser tells that a device is closed before the system has let go of it.
 *
 * @param usbDevice What `requestDevice()` or `getDevices()` gave.
 * @throws {TypeError | RangeError} for an option out of its range, before any USB traffic.
 * @throws {RangeError} for a bias that this camera's chip or model cannot have; the camera is shut down again.
 * @throws {NeuromorphicError} "busy", "permission-denied" (what to do about it on this system stands in the message),
 * "disconnected", "protocol", "io", "native-library".
 * @throws {NeuromorphicError} "unsupported" where the device is no camera that the library knows, or not of the wanted type.
 */
export async function open<const Options extends WebOpenOptions = Record<never, never>>(
  usbDevice: UsbDevice,
  options: Options = {} as Options,
): Promise<WebDevice<TypeOf<Options>, PacketOf<Options>>> {
  const checkedDevice = checkUsbDevice(usbDevice, "usbDevice");
  const checked = await checkWebOpenOptions(options);
  const { signal, type, usbIds } = checked;
  signal?.throwIfAborted();
  const { vendorId, productId } = checkedDevice;
  const candidates = driversFor(vendorId, productId, usbIds);
  if (candidates.length === 0) throw unknownDevice(checkedDevice);
  const wanted = candidates.filter((candidate) => type === undefined || candidate.type === type);
  if (wanted.length === 0) throw otherType(candidateNames(candidates), type!);
  const library = await loadLibrary();
  const settling = checkedDevice.isVirtual === true ? skippedSettling : pageSettling;
  const handle = await UsbHandle.open(checkedDevice, candidateNames(candidates));
  let camera: OpenCamera | undefined;
  let stream: WebStream | undefined;
  try {
    const { name, asked } = await identify(handle, candidates, settling, signal);
    if (type !== undefined && asked.type !== type) throw otherType(handle.description, type);
    camera = await bringUp(asked.driver, handle, settling, checked);
    stream = startStream(library, handle, asked.driver.eventsEndpoint, camera, checked);
    signal?.throwIfAborted();
    const parts: WebDeviceParts = {
      type: asked.type,
      name,
      camera,
      handle,
      settling,
      stream,
      speed: speedOf(handle, asked.driver),
      timeoutMs: checked.iteratorTimeoutMs,
      signal,
      usb: checked.usb ?? navigatorUsb(),
    };
    const device = new CameraWebDevice<CameraType, PacketOf<Options>>(parts);
    return device as unknown as WebDevice<TypeOf<Options>, PacketOf<Options>>;
  } catch (error) {
    stream?.stop();
    // What goes wrong while closing would only hide why.
    if (camera !== undefined) await run(camera.shutdown(), { bus: handle, settling }).catch(() => {});
    await handle.close();
    stream?.close();
    throw error;
  }
}

/** Reads the device's name, claims it and asks it who it is. From then on messages call it by name and serial. */
async function identify(
  handle: UsbHandle,
  candidates: readonly DriverCandidate[],
  settling: Settling,
  signal: AbortSignal | undefined,
): Promise<{ readonly name: string; readonly asked: AskedCamera }> {
  const name = await run(readDeviceName(), { bus: handle, settling, signal }) ?? candidateNames(candidates);
  handle.description = name;
  const { camera: asked, said } = await askDrivers(handle, candidates, { settling, signal });
  if (asked === undefined) throw otherDeviceError(said, name);
  handle.description = `${name} ${asked.serial}`;
  return { name, asked };
}

/** A camera that loses step where requests are ahead of their replies is brought up once more, without that. */
async function bringUp(
  driver: CameraDriver,
  handle: UsbHandle,
  settling: Settling,
  { configuration, signal }: CheckedWebOptions,
): Promise<OpenCamera> {
  const open = () => run(driver.open(driver.checkConfiguration(configuration)), { bus: handle, settling, signal });
  try {
    return await open();
  } catch (error) {
    if (!wasAhead(error)) throw error;
    handle.requestsAhead = 1;
    return await open();
  }
}

function startStream(
  library: Library,
  handle: UsbHandle,
  endpoint: number,
  { properties: { width, height }, eventFormat: format }: OpenCamera,
  options: CheckedWebOptions,
): WebStream {
  const { raw = false, reuseBuffers = false, iteratorMaximumRawPackets = 64 } = options;
  const { usbConfiguration = defaultWebUsbConfiguration } = options;
  const decoder = raw ? undefined : new NativeDecoder(library, { format, width, height, reuseBuffers });
  return new WebStream({
    handle,
    endpoint,
    format,
    usbConfiguration,
    library,
    decoder,
    maximumRawPackets: iteratorMaximumRawPackets,
    reuseBuffers,
  });
}

/** A page is not told the speed of a link. It decides the size of the packets of a bulk endpoint. */
function speedOf(handle: UsbHandle, { eventsEndpoint }: CameraDriver): UsbSpeed {
  switch (handle.endpointOf(eventsEndpoint)?.packetSize) {
    case 1024:
      return "super";
    case 512:
      return "high";
    case 64:
      return "full";
    default:
      return "unknown";
  }
}

function unknownDevice({ vendorId, productId, productName }: UsbDevice): NeuromorphicError {
  const [vendor, product] = [vendorId, productId].map((id) => id.toString(16).padStart(4, "0"));
  const device = `${productName ?? "USB device"} ${vendor}:${product}`;
  return deviceError("unsupported", "it is no camera that the library knows", { operation: "open", device });
}

function otherType(device: string, type: CameraType): NeuromorphicError {
  return deviceError("unsupported", `it is no camera of type "${type}"`, { operation: "open", device });
}
