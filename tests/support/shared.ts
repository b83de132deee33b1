import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Where real recordings and reference transcripts lie, if they are there at all: beside the project. */
const folder = process.env.NEUROMORPHIC_DRIVERS_SHARED ?? fileURLToPath(new URL("../../../shared", import.meta.url));

/** A file of the shared data, and why a test that needs it must be skipped where it is missing. */
export function sharedFile(name: string): { readonly path: string; readonly skip?: string } {
  const path = `${folder}/${name}`;
  return existsSync(path) ? { path } : { path, skip: `${name} is not beside the project` };
}
