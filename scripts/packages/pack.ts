/** Packs npm packages as `npm publish` uploads them. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "../commands.ts";

/** Packs the package in a folder into another one, and returns the tarball's path. */
export async function packNpmPackage(folder: string, destination: string): Promise<string> {
  const parameters = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", destination];
  await runOrThrow("npm", parameters, { directory: folder });
  return join(destination, tarballName(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))));
}

/** As `npm pack` names it. */
export function tarballName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}

/** As npm writes hashes. */
export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}
