import { existsSync } from "node:fs";
import { builtLibraryPath, libusbPlaces } from "../../ffi/locate.ts";

/** The native library that the tests use. */
export const nativeLibraryPath: string = builtLibraryPath("neuromorphic_drivers")!;

/** The virtual camera's library beside it. */
export const virtualLibraryPath: string = builtLibraryPath("neuromorphic_virtual_camera")!;

/** The library that gives back what it is called with (`zig/src/echo_root.zig`). */
export const echoLibraryPath: string = builtLibraryPath("neuromorphic_echo")!;

/** The system's libusb, where it is installed at a known place. */
export const systemLibusbPath: string | undefined = libusbPlaces().find(existsSync);

/** Why tests of the system's libusb are left out; undefined where they run. */
export const skipWithoutLibusb: string | undefined = systemLibusbPath === undefined
  ? `libusb is at none of ${libusbPlaces().join(", ")}`
  : undefined;
