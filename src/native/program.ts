/** The program that serves virtual cameras over USB/IP; `zig/src/virtual/README.md` describes it. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isClone, thisSystem, useFirst } from "../../ffi/locate.ts";
import { packagedPlaces } from "../../ffi/native_package.ts";
import type { Place } from "../../ffi/place.ts";
import { LoadFailure, LoadFailures } from "../../ffi/load_failure.ts";
import { detectRuntime } from "../../ffi/load.ts";
import { NeuromorphicError } from "../errors.ts";
import { howToGet } from "./open_library.ts";

export { detectRuntime, isClone };

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
  const found = await places();
  try {
    return useFirst(found, ({ path }) => {
      if (!existsSync(path)) throw new LoadFailure(path, "missing", "missing");
      return path;
    });
  } catch (error) {
    if (!(error instanceof LoadFailures)) throw error;
    const tried = error.failures.map(({ path, message }) => `${path}: ${message}`).join("; ");
    throw new NeuromorphicError(
      "native-library",
      `the program ${programName} cannot be run; tried ${tried}. ${howToGet(error.failures)}`,
      { operation: `run ${programName}` },
    );
  }
}
