/**
 * `deno task setup`: gets what is missing to run from a checkout. Where nothing is missing it says nothing and takes
 * a fraction of a second, so the other tasks begin with it. It writes only where something is missing.
 *
 * - Deno of the minimum version
 * - libusb-1.0, as root with apt (only real cameras need it)
 * - koffi, the npm package through which Node calls native code
 * - the native libraries: as published where the clone's Zig sources are those of a release, else built, with the Zig
 *   that builds them
 * - with `--test`: Zig in any case, the Bun and the Node that the tests run on, and esbuild, which bundles the viewer
 *
 * What comes from a package registry has the hash that `setup/pins.ts` or deno.lock says, or is refused.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { buildNative, isNativeBuilt } from "./build_native.ts";
import { withoutSeparator } from "./arguments.ts";
import { runPatiently } from "./commands.ts";
import { koffiVersion } from "./configuration.ts";
import { say, step } from "./progress.ts";
import { projectDirectory, toolsDirectory, toolVersions } from "./project.ts";
import { checkDenoVersion } from "./setup/deno_version.ts";
import { findEsbuild, getEsbuild } from "./setup/esbuild.ts";
import { ensureLibusb } from "./setup/libusb.ts";
import { getMissing, type Part } from "./setup/missing.ts";
import { refuseOffline, saysOffline } from "./setup/offline.ts";
import { getPrebuilt, isPrebuiltThere } from "./setup/prebuilt.ts";
import { findRuntime, getRuntime } from "./setup/runtimes.ts";
import { findZig, getZig } from "./setup/zig.ts";

/** The programs that the tests run. */
export interface TestTools {
  readonly zig: string;
  readonly bun: string;
  readonly node: string;
}

/** Gets what programs need. */
export async function setUp(libraries: Part = nativeLibraries): Promise<void> {
  checkDenoVersion(Deno.version.deno, toolVersions.deno);
  await ensureLibusb();
  await getMissing([koffi, libraries], toolsDirectory);
}

/** Gets what `test` needs. */
export async function setUpForTests(): Promise<TestTools> {
  await setUp(builtLibraries);
  await getMissing([
    { name: "Zig", isThere: async () => await findZig() !== undefined, get: getZig },
    { name: "Bun", isThere: async () => await findRuntime("bun") !== undefined, get: () => getRuntime("bun") },
    { name: "Node", isThere: async () => await findRuntime("node") !== undefined, get: () => getRuntime("node") },
    { name: "esbuild", isThere: () => findEsbuild() !== undefined, get: getEsbuild },
  ], toolsDirectory);
  return { zig: await getZig(), bun: await getRuntime("bun"), node: await getRuntime("node") };
}

/** `deno task` fetches the npm packages by itself; a script that is started in another way finds none. */
const koffi: Part = {
  name: "koffi",
  isThere: () => {
    const manifest = join(projectDirectory, "node_modules", "koffi", "package.json");
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === koffiVersion();
  },
  // Frozen: a package whose hash is not in deno.lock is refused instead of being written there.
  get: () => step(`koffi ${koffiVersion()} from npm`, installNpmPackages),
};

const nativeLibraries: Part = {
  name: "the native libraries",
  isThere: () => isNativeBuilt() || isPrebuiltThere(),
  get: async () => await getPrebuilt() || await buildNative(getZig),
};

/** The tests need more than is published: a library that gives back what it is given. */
const builtLibraries: Part = {
  name: "the native libraries",
  isThere: () => isNativeBuilt(),
  get: () => buildNative(getZig),
};

async function installNpmPackages(): Promise<void> {
  const options = { directory: projectDirectory, isFinal: saysOffline };
  const result = await runPatiently(Deno.execPath(), ["install", "--frozen"], options);
  refuseOffline(result, "koffi", "npm's registry");
  const { exitStatus, output } = result;
  if (exitStatus !== 0) {
    throw new Error(`deno install --frozen failed with status ${exitStatus}:\n${output.trimEnd()}`);
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      args: withoutSeparator(process.argv.slice(2)),
      options: { test: { type: "boolean", default: false } },
    });
    await (values.test ? setUpForTests() : setUp());
    say("everything is set up");
  } catch (error) {
    say(`setup: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
