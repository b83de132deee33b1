/**
 * `deno task setup`: gets what is missing to run from a checkout. Where nothing is missing it says nothing and takes
 * a fraction of a second, so the other tasks begin with it.
 *
 * - Deno of the minimum version
 * - libusb-1.0, as root with apt (only real cameras need it)
 * - koffi, the npm package through which Node calls native code
 * - the native libraries, and the Zig that builds them
 * - with `--test`: Zig in any case, and the Bun and the Node that the tests run on
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { buildNative } from "./build_native.ts";
import { withoutSeparator } from "./arguments.ts";
import { runPatientlyOrThrow } from "./commands.ts";
import { say, step } from "./progress.ts";
import { projectDirectory, toolsDirectory, toolVersions } from "./project.ts";
import { checkDenoVersion } from "./setup/deno_version.ts";
import { ensureLibusb } from "./setup/libusb.ts";
import { withLock } from "./setup/lock.ts";
import { getRuntime } from "./setup/runtimes.ts";
import { getZig } from "./setup/zig.ts";

/** The programs that the tests run. */
export interface TestTools {
  readonly zig: string;
  readonly bun: string;
  readonly node: string;
}

/** Gets what `demo` needs. */
export async function setUp(): Promise<void> {
  checkDenoVersion(Deno.version.deno, toolVersions.deno);
  await withLock(toolsDirectory, async () => {
    await ensureLibusb();
    await ensureNpmPackages();
    await buildNative(getZig);
  });
}

/** Gets what `test` needs. */
export async function setUpForTests(): Promise<TestTools> {
  await setUp();
  return await withLock(toolsDirectory, async () => ({
    zig: await getZig(),
    bun: await getRuntime("bun"),
    node: await getRuntime("node"),
  }));
}

/** `deno task` fetches the npm packages by itself; a script that is started in another way finds none. */
async function ensureNpmPackages(): Promise<void> {
  const configuration = readFileSync(join(projectDirectory, "deno.json"), "utf8");
  const wanted = /"npm:koffi@([^"]+)"/.exec(configuration)?.[1];
  const manifest = join(projectDirectory, "node_modules", "koffi", "package.json");
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === wanted) return;
  await step(
    `koffi ${wanted} from npm`,
    () => runPatientlyOrThrow(Deno.execPath(), ["install"], { directory: projectDirectory }),
  );
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
