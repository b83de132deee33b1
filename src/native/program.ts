/** The program that serves virtual cameras over USB/IP; `zig/src/virtual/README.md` describes it. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isClone, thisSystem } from "../../ffi/locate.ts";
import { packagedPlaces } from "../../ffi/native_package.ts";
import { checkFile, type Place } from "../../ffi/place.ts";
import { LoadFailure } from "../../ffi/load_failure.ts";
import { detectRuntime } from "../../ffi/load.ts";
import { NeuromorphicError } from "../errors.ts";
import { howToInstall } from "./open_library.ts";

export { isClone };

const programName = "neuromorphic_virtual_camera";

/** Where it may be, the best first: in a clone where it is built, else in the package of the native libraries. */
async function programPlaces(): Promise<Place[]> {
  return isClone
    ? [{ path: fileURLToPath(new URL(`../../zig/zig-out/bin/${programName}`, import.meta.url)) }]
    : await packagedPlaces(programName, thisSystem);
}

/**
 * The path of the program.
 *
 * @throws {NeuromorphicError} "native-library" where it is missing, or is not the one that was built.
 */
export async function findVirtualCameraProgram(places: () => Promise<Place[]> = programPlaces): Promise<string> {
  const tried: string[] = [];
  for (const place of await places()) {
    try {
      if (place.obstacle !== undefined) throw place.obstacle;
      if (!existsSync(place.path)) throw new LoadFailure(place.path, "missing", "missing");
      checkFile(place);
      return place.path;
    } catch (error) {
      if (!(error instanceof LoadFailure)) throw error;
      tried.push(`${error.path}: ${error.message}`);
    }
  }
  throw new NeuromorphicError(
    "native-library",
    `the program ${programName} cannot be run; tried ${tried.join("; ")}. ${howToInstall(detectRuntime())}`,
    { operation: `run ${programName}` },
  );
}
