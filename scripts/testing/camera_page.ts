/** The page of the browser's tests that is a camera's driver and nothing else. */

import { bundle, type Files } from "../site/bundle.ts";
import { wasmFiles } from "../site/viewer.ts";

/** Its modules, its Worker, and the library as WebAssembly. */
export async function cameraPageFiles(): Promise<Files> {
  // Helpers of tests come along that run under Node elsewhere.
  const alias = { "node:assert/strict": "./tests/browser/pages/assert.ts" };
  return new Map([...await bundle(["tests/browser/pages/camera.ts"], { alias }), ...wasmFiles()]);
}
