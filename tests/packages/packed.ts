/** Our packages, built and packed as `npm publish` would. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNpmPackage } from "../../scripts/packages/build_npm_package.ts";
import { names } from "../../scripts/packages/names.ts";
import { buildNativesPackage } from "../../scripts/packages/natives.ts";
import { packNpmPackage } from "../../scripts/packages/pack.ts";
import { agreedVersion } from "../../scripts/packages/version.ts";
import { getZig } from "../../scripts/setup/zig.ts";
import { Tarball } from "./tarballs.ts";

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
    await buildNativesPackage(getZig, join(built, names.native));
    const pack = async (name: string) => {
      return new Tarball({ name, version }, await packNpmPackage(join(built, name), folder));
    };
    return { npm: await pack(names.npm), native: await pack(names.native) };
  } finally {
    rmSync(built, { recursive: true });
  }
}
