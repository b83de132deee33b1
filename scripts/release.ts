/**
 * deno task release -- [--dry-run] [--version X.Y.Z]
 *
 * Builds all that is published into npm-build/, checks it, and prints the commands that publish it, in their order.
 * It publishes nothing itself.
 *
 * --dry-run        without dnt, which comes from JSR: the npm package is compiled by TypeScript alone. The two give the
 *                  same files, and without --dry-run the release fails where they do not. Pins nothing, either.
 * --version X.Y.Z  writes the version into the files that name it, and ends
 */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import process from "node:process";
import { readOptions } from "./arguments.ts";
import { sourcesHash } from "./build_native.ts";
import { buildNpmPackage } from "./packages/build_npm_package.ts";
import { stageJsrPackage } from "./packages/jsr.ts";
import { buildDirectory, packageDirectories } from "./packages/names.ts";
import { buildNativesPackage } from "./packages/natives.ts";
import { integrityOf, packNpmPackage } from "./packages/pack.ts";
import { checkReproducible } from "./packages/reproducible.ts";
import { agreedVersion, setVersion } from "./packages/version.ts";
import { say, step } from "./progress.ts";
import { projectDirectory } from "./project.ts";
import { runTests } from "./run_tests.ts";
import { setUpForTests } from "./setup.ts";
import { type Prebuilt, prebuiltFile } from "./setup/prebuilt.ts";
import { chooseSuites } from "./testing/suites.ts";

const { "dry-run": isDryRun, version: newVersion } = readOptions(import.meta, {
  "dry-run": { type: "boolean", default: false },
  version: { type: "string" },
});

try {
  if (newVersion === undefined) await release();
  else setVersion(newVersion);
} catch (error) {
  say(`release: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function release(): Promise<void> {
  const version = agreedVersion();
  const { zig } = await setUpForTests();
  await buildNativesPackage(() => Promise.resolve(zig));
  await buildNpmPackage(isDryRun ? "typescript" : "dnt");
  await stageJsrPackage();
  const native = await packNpmPackage(packageDirectories.native, buildDirectory);
  const npm = await packNpmPackage(packageDirectories.npm, buildDirectory);

  const { failed } = await runTests(chooseSuites(["packages"]));
  if (failed > 0) throw new Error(`${failed} checks of the packages failed: nothing is ready to be published`);
  await step("native libraries again, in another folder with empty caches", () => checkReproducible(zig));
  if (!isDryRun) {
    const [integrity, wasmIntegrity] = [native, npm].map((path) => integrityOf(readFileSync(path)));
    pinPrebuilt({ version, sources: sourcesHash(), integrity: integrity!, wasmIntegrity: wasmIntegrity! });
  }

  const megabytes = (path: string) => `${(statSync(path).size / 1e6).toFixed(2)} MB`;
  say(`\nVersion ${version} is ready: ${here(native)} (${megabytes(native)}), ${here(npm)} (${megabytes(npm)}).`);
  if (isDryRun) say("This was a dry run: release without --dry-run before you publish.");
  say("To publish it, in this order:\n");
  console.log(publishCommands(native, npm).join("\n"));
}

/** JSR's package asks npm for the libraries, and npm's package depends on them: they come first. */
function publishCommands(native: string, npm: string): string[] {
  return [
    `npm publish --access public ${here(native)}`,
    `npm publish --access public ${here(npm)}`,
    `cd ${here(packageDirectories.jsr)} && deno publish --allow-dirty`,
  ];
}

function here(path: string): string {
  return relative(projectDirectory, path);
}

/** From now on setup takes the published libraries for these sources. */
function pinPrebuilt(prebuilt: Prebuilt): void {
  writeFileSync(prebuiltFile, `${JSON.stringify(prebuilt, undefined, 2)}\n`);
  say(`\n${here(prebuiltFile)} pins the native libraries: commit it with the release.`);
}
