import type { Device } from "./device.ts";
import type { PacketOf, TypeOf } from "./common/packet_of.ts";
import { checkOpenOptions, type OpenOptions } from "./open_options.ts";

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
  const { openCamera } = await import("./opening.ts");
  return await openCamera(checked) as unknown as Device<TypeOf<Options>, PacketOf<Options>>;
}
