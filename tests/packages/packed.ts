/** Our packages, built and packed as `npm publish` would. */

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { zigDirectory } from "../../scripts/build_native.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { buildNpmPackage } from "../../scripts/packages/build_npm_package.ts";
import { names } from "../../scripts/packages/names.ts";
import { agreedVersion } from "../../scripts/packages/version.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { fileName, Tarball } from "./tarballs.ts";

/** Our packages. */
export interface OurTarballs {
  readonly npm: Tarball;
  readonly native: Tarball;
}

/** Builds both packages and packs them into a folder. */
export async function packOurs(folder: string): Promise<OurTarballs> {
  const built = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_built_"));
  try {
    const version = agreedVersion();
    await buildNpmPackage("typescript", join(built, names.npm));
    buildNatives(join(built, names.native));
    const folders = [names.npm, names.native].map((name) => `./${name}`);
    const parameters = ["pack", ...folders, "--ignore-scripts", "--loglevel=error", "--pack-destination", folder];
    await runOrThrow("npm", parameters, { directory: built });
    const packed = (name: string) => new Tarball({ name, version }, join(folder, fileName({ name, version })));
    return { npm: packed(names.npm), native: packed(names.native) };
  } finally {
    rmSync(built, { recursive: true });
  }
}

/** Assembles the package of the native libraries with those of this system. */
function buildNatives(folder: string): void {
  cpSync(join(zigDirectory, "package"), folder, { recursive: true });
  cpSync(join(projectDirectory, "LICENSE"), join(folder, "LICENSE"));
  const platform = `${process.platform}-${process.arch}`;
  mkdirSync(join(folder, platform));
  const built = join(zigDirectory, "zig-out", "lib");
  const libraries = readdirSync(built).filter((name) => !name.includes("echo"));
  const files = libraries.map((name) => {
    const bytes = readFileSync(join(built, name));
    writeFileSync(join(folder, platform, name), bytes);
    return [name, { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }];
  });
  const manifest = { [platform]: Object.fromEntries(files) };
  writeFileSync(join(folder, "manifest.js"), `export const files = ${JSON.stringify(manifest)};\n`);
}
