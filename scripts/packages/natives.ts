/** Assembles the npm package of the native libraries. */

import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuiltFile } from "../../ffi/place.ts";
import { buildNative, packagedLibraries, zigDirectory } from "../build_native.ts";
import { projectDirectory } from "../project.ts";
import { pathsBelow } from "./files.ts";
import { packageDirectories } from "./names.ts";
import { filesOf, platforms, virtualCameraProgram } from "./platforms.ts";

/** Builds the package, its libraries only where they are not those of the present sources. */
export async function buildNativesPackage(
  getZig: () => Promise<string>,
  folder: string = packageDirectories.native,
): Promise<void> {
  await buildNative(getZig, { build: packagedLibraries });
  assembleNatives(join(zigDirectory, "zig-out", "package"), folder);
}

/** Assembles the package in a folder, in place of what was there. `built` has a folder for each platform. */
export function assembleNatives(built: string, folder: string): void {
  checkFiles(built);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "index.js", "index.d.ts", "README.md"]) {
    cpSync(join(zigDirectory, "package", name), join(folder, name));
  }
  cpSync(join(projectDirectory, "LICENSE"), join(folder, "LICENSE"));
  for (const platform of platforms) {
    cpSync(join(built, platform), join(folder, platform), { recursive: true });
    for (const name of filesOf(platform)) {
      chmodSync(join(folder, platform, name), name === virtualCameraProgram ? 0o755 : 0o644);
    }
  }
  writeFileSync(join(folder, "manifest.js"), manifest(folder));
}

/** Throws where a file is missing, or one is there that no platform has. */
function checkFiles(built: string): void {
  const wanted = new Set(platforms.flatMap((platform) => filesOf(platform).map((name) => `${platform}/${name}`)));
  const found = new Set(pathsBelow(built));
  const lines = [
    ...[...wanted].filter((path) => !found.has(path)).map((path) => `${path} is missing`),
    ...[...found].filter((path) => !wanted.has(path)).map((path) => `${path} belongs to no platform`),
  ];
  if (lines.length > 0) throw new Error(`${built} does not hold what the package needs:\n${lines.sort().join("\n")}`);
}

/** A module with the size and the hash of each file. */
function manifest(folder: string): string {
  const files = Object.fromEntries(platforms.map((platform) => {
    return [
      platform,
      Object.fromEntries(filesOf(platform).map((name) => [name, describe(join(folder, platform, name))])),
    ];
  }));
  return `// Written when the package was built.\nexport const files = ${JSON.stringify(files, undefined, 2)};\n`;
}

function describe(path: string): BuiltFile {
  const bytes = readFileSync(path);
  return { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
