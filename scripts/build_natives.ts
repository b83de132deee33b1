/** `deno task build:natives`: builds the npm package of the native libraries in npm-build/neuromorphic-drivers-native. */

import process from "node:process";
import { buildNativesPackage } from "./packages/natives.ts";
import { packageDirectories } from "./packages/names.ts";
import { say } from "./progress.ts";
import { getZig } from "./setup/zig.ts";

try {
  await buildNativesPackage(getZig);
  say(`built ${packageDirectories.native}`);
} catch (error) {
  say(`build:natives: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
