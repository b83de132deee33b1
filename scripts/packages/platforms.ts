/** The platforms of the npm package of native libraries. */

import { libraryFileName } from "../../ffi/locate.ts";

/** Folders of the package; `platforms` in `zig/build.zig` says what the files of each are compiled for. */
export const platforms = [
  "linux-x64",
  "linux-arm64",
  "linux-x64-musl",
  "linux-arm64-musl",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64",
  "win32-arm64",
] as const;

/** One of them. */
export type Platform = (typeof platforms)[number];

/** The program that serves virtual cameras over USB/IP. It is linked statically, so one file serves each libc. */
export const virtualCameraProgram = "neuromorphic_virtual_camera";

/** The names of a platform's files, sorted. */
export function filesOf(platform: Platform): string[] {
  const [system = "", architecture = "", libc] = platform.split("-");
  const libraries = ["neuromorphic_drivers", "neuromorphic_virtual_camera"]
    .map((name) => libraryFileName(name, { platform: system, architecture }));
  const programs = system === "linux" && libc === undefined ? [virtualCameraProgram] : [];
  return [...libraries, ...programs].sort();
}
