/** The virtual camera's bus: which cameras are plugged in, and what is held of it. */

import { resolve } from "node:path";
import { NeuromorphicError } from "../errors.ts";
import { statuses } from "../native/library.ts";
import type { VirtualLibrary } from "../native/libusb_library.ts";
import { readNativeText } from "../native/text.ts";
import type { VirtualCameraOptions } from "./camera.ts";
import { checkVirtualCameras } from "./camera_check.ts";
import { virtualCameraJson } from "./camera_json.ts";
import { camelCased, type VirtualCameraDescription } from "./description.ts";

/** What is held of the virtual bus now, by all of this process. */
export interface VirtualBusDescription {
  /** Sessions with the libusb look-alike. */
  readonly contexts: number;
  /** Open devices. */
  readonly handles: number;
  /** Interfaces claimed. */
  readonly claims: number;
  /** Transfers that were submitted and have not ended. */
  readonly transfersPending: number;
  /** Transfers that were allocated and not freed. */
  readonly transfersAllocated: number;
  /** Memory given by `libusb_dev_mem_alloc`. */
  readonly deviceMemoryBytes: number;
  /** Event bytes handed to the host by all cameras that have ever been plugged in. */
  readonly bytesEmitted: number;
  /** Those of them that came in transfers that failed. */
  readonly bytesInFailedTransfers: number;
  /** Event bytes of all cameras that no transfer fetched in time. */
  readonly bytesLostInCamera: number;
  /** Event bytes of transfers that had ended, but whose handle was closed before anybody took them. */
  readonly bytesUncollected: number;
  /** The cameras that were plugged in last, also those that are unplugged by now. */
  readonly cameras: readonly VirtualCameraDescription[];
}

/**
 * Unplugs the cameras of the virtual bus and plugs others in. Until it is called there is one EVK4 that sees the scene;
 * so there is after a call without cameras.
 *
 * @throws {TypeError} for an unknown option or a value of the wrong type.
 * @throws {RangeError} for a value out of its range.
 * @throws {NeuromorphicError} "io" where a recording cannot be read, "native-library". The bus stays as it was.
 *
 * @example
 * ```ts
 * import { configureVirtualBus, listDevices } from "@neuromorphic/drivers";
 *
 * await configureVirtualBus([{ serial: "00050ABC" }, { model: "silkyevcam-hd", bytesPerSecond: 1e6 }]);
 * for (const { name, serial } of await listDevices({ libusb: "virtual" })) console.log(name, serial);
 * await configureVirtualBus();
 * ```
 */
export async function configureVirtualBus(cameras: readonly VirtualCameraOptions[] = [{}]): Promise<void> {
  const checked = checkVirtualCameras(cameras, "cameras");
  const json = new TextEncoder().encode(JSON.stringify({ cameras: checked.map(withWholePath).map(virtualCameraJson) }));
  const { symbols } = await loadVirtualLibrary();
  const message = new Uint8Array(1024);
  const status = symbols.nd_virtual_configure(json, json.length, message, message.length);
  if (status >= 0) return;
  const reason = new TextDecoder().decode(message.subarray(0, message.indexOf(0)));
  // What remains to be refused is the name of a function, or a file.
  if (status === statuses.invalid_argument && !reason.includes(".source.path")) throw new RangeError(reason);
  const operation = "configure virtual bus";
  throw new NeuromorphicError("io", `${operation}: ${reason}`, { operation });
}

/**
 * Tells what is held of the virtual bus: how a test sees that nothing was left open.
 *
 * @throws {NeuromorphicError} "native-library".
 *
 * @example
 * ```ts
 * import { describeVirtualBus, open } from "@neuromorphic/drivers";
 *
 * const device = await open({ libusb: "virtual" });
 * console.log((await describeVirtualBus()).cameras[0]?.streaming); // true
 * device.close();
 * const { handles, claims, cameras } = await describeVirtualBus();
 * console.log(handles, claims, cameras[0]?.streaming); // 0 0 false
 * ```
 */
export async function describeVirtualBus(): Promise<VirtualBusDescription> {
  const { symbols } = await loadVirtualLibrary();
  const text = readNativeText(symbols.nd_virtual_describe, "describe virtual bus");
  return JSON.parse(text, camelCased) as VirtualBusDescription;
}

async function loadVirtualLibrary(): Promise<VirtualLibrary> {
  const { loadNative } = await import("../native/native.ts");
  const { openVirtualLibrary } = await import("../native/libusb_library.ts");
  return openVirtualLibrary(await loadNative());
}

/** The native library's working folder may be another one. */
function withWholePath(camera: VirtualCameraOptions): VirtualCameraOptions {
  const { source } = camera;
  return source?.kind === "recording" ? { ...camera, source: { ...source, path: resolve(source.path) } } : camera;
}
