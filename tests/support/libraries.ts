import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { libraryFileName, libusbPlaces, nativeLibraryPlaces, virtualLibraryPlace } from "../../ffi/locate.ts";

/** The native library that the tests use. */
export const nativeLibraryPath: string = nativeLibraryPlaces()[0]!;

/** The virtual camera's library beside it. */
export const virtualLibraryPath: string = virtualLibraryPlace(nativeLibraryPath);

/** The library that gives back what it is called with (`zig/src/echo_root.zig`). */
export const echoLibraryPath: string = join(dirname(nativeLibraryPath), libraryFileName("neuromorphic_echo"));

/** The system's libusb, where it is installed at a known place. */
export const systemLibusbPath: string | undefined = libusbPlaces().find(existsSync);

/** Why tests of the system's libusb are left out; undefined where they run. */
export const skipWithoutLibusb: string | undefined = systemLibusbPath === undefined
  ? `libusb is at none of ${libusbPlaces().join(", ")}`
  : undefined;
