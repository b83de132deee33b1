/** libusb-1.0, called from TypeScript: lists, opens and configures devices. The event stream itself is native. */

import { type LibusbLibrary, openLibusbAt, openSystemLibusb, openVirtualLibrary } from "../native/libusb_library.ts";
import { loadNative, type Native } from "../native/native.ts";
import { UsbContext } from "./context.ts";

/**
 * Which libusb: the system's, the virtual camera's, or one by its path. A file that is really called `system` or
 * `virtual` is `./system` or `./virtual`.
 */
export type LibusbSelection = "system" | "virtual" | (string & Record<never, never>);

/** A loaded libusb. */
export class Libusb {
  /** The path that it was loaded from. */
  readonly path: string;
  /** Whether it is the virtual camera's library, where nothing needs time to settle. */
  readonly isVirtual: boolean;
  /** For example `"1.0.27"`. */
  readonly version: string;
  readonly #native: Native;
  readonly #library: LibusbLibrary;

  constructor(native: Native, library: LibusbLibrary, isVirtual: boolean) {
    this.path = library.path;
    this.isVirtual = isVirtual;
    this.version = readVersion(native, library);
    this.#native = native;
    this.#library = library;
  }

  /**
   * Starts a session; the caller closes it.
   *
   * @throws {NeuromorphicError} "io", "permission-denied" where libusb cannot start.
   */
  createContext(): UsbContext {
    return new UsbContext(this.#native, this.#library);
  }
}

const loaded = new Map<string, Libusb>();

/**
 * Loads a libusb, once for each selection; it stays loaded.
 *
 * @throws {NeuromorphicError} "native-library" where it is missing, not permitted, or for another system; the message
 * lists the paths tried and says what to do.
 */
export async function loadLibusb(selection: LibusbSelection): Promise<Libusb> {
  const native = await loadNative();
  const known = loaded.get(selection);
  if (known !== undefined) return known;
  const libusb = new Libusb(native, openSelected(native, selection), selection === "virtual");
  loaded.set(selection, libusb);
  return libusb;
}

function openSelected(native: Native, selection: LibusbSelection): LibusbLibrary {
  switch (selection) {
    case "system":
      return openSystemLibusb(native);
    case "virtual":
      return openVirtualLibrary(native);
    default:
      return openLibusbAt(native, selection);
  }
}

/** struct libusb_version starts with four uint16_t: major, minor, micro, nano. */
function readVersion(native: Native, { symbols }: LibusbLibrary): string {
  const parts = new Uint16Array(native.copyMemory(symbols.libusb_get_version(), 8).buffer);
  return parts.subarray(0, 3).join(".");
}
