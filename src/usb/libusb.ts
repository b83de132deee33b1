/** libusb-1.0, called from TypeScript: lists, opens and configures devices. The event stream itself is native. */

import { type LibusbLibrary, openLibusbAt, openSystemLibusb, openVirtualLibrary } from "../native/libusb_library.ts";
import { loadNative, type Native } from "../native/native.ts";
import type { LibusbSelection } from "../types.ts";
import { UsbContext } from "./context.ts";

/** A loaded libusb. */
export class Libusb {
  /** The path that it was loaded from. */
  readonly path: string;
  /** Whether it is the virtual camera's library, where nothing needs time to settle. */
  readonly isVirtual: boolean;
  readonly #native: Native;
  readonly #library: LibusbLibrary;

  constructor(native: Native, library: LibusbLibrary, isVirtual: boolean) {
    this.path = library.path;
    this.isVirtual = isVirtual;
    this.#native = native;
    this.#library = library;
  }

  /** Its version, for example `"1.0.26"`. */
  get version(): string {
    // struct libusb_version begins with major, minor, micro and nano, which is the maker's own count.
    const bytes = this.#native.copyMemory(this.#library.symbols.libusb_get_version(), 6);
    return Array.from(new Uint16Array(bytes.buffer)).join(".");
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
 * @throws {NeuromorphicError} "native-library" where it is missing or for another system, "permission-denied" where it
 * must not be loaded; the message lists the paths tried and says what to do.
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
