/** The npm package with the native libraries: its folders for a system. */

import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { version } from "../src/version.ts";
import { detectRuntime } from "./load.ts";
import { LoadFailure } from "./load_failure.ts";
import { programPlace } from "./program.ts";
import type { BuiltFile, Place } from "./place.ts";

/** The part of a system that places depend on. */
export interface System {
  /** As in `process.platform`. */
  readonly platform: string;
  /** As in `process.arch`. */
  readonly architecture: string;
}

/** The package's name on npm. */
export const nativePackage = "neuromorphic-drivers-native";

/** What the package exports; `zig/package/index.d.ts` describes it. */
export interface NativePackage {
  readonly version: string;
  readonly platforms: Readonly<
    Record<string, { readonly url: string; readonly files: Readonly<Record<string, BuiltFile>> }>
  >;
}

/** How the package is found; the tests bring their own. */
export interface PackageAccess {
  load(): Promise<NativePackage>;
  /** The URL of the package's module where the runtime would find it from here; undefined where it finds none. */
  resolve(): string | undefined;
}

/**
 * Places of a file of the package for a system, the best first. Where the package is missing, has another version or
 * nothing for the system, one place tells that.
 */
export async function packagedPlaces(
  fileName: string,
  system: System,
  { load, resolve }: PackageAccess = packageAccess,
): Promise<Place[]> {
  let native: NativePackage;
  try {
    native = await load();
  } catch (error) {
    return [obstacle("missing", error instanceof Error ? error.message : String(error))];
  }
  if (native.version !== version) return [obstacle("symbol", `${native.version}, and ${version} is needed`)];
  const found = platformNames(system).flatMap((name) => {
    const platform = native.platforms[name];
    return platform === undefined ? [] : [{ name, ...platform }];
  });
  if (found.length === 0) return [obstacle("architecture", `it has ${Object.keys(native.platforms).join(", ")}`)];
  // In a bundle, which has the package's code in itself, `import.meta.url` is the bundle's, and no library is there.
  // Then the folders are where the runtime finds the package from the bundle.
  const resolved = resolve();
  const places = [
    ...found.map(({ url, files }) => ({ url, files })),
    ...found.flatMap(({ name, files }) => resolved ? [{ url: new URL(`./${name}/`, resolved).href, files }] : []),
  ].filter(({ url }, index, all) => url.startsWith("file:") && all.findIndex((other) => other.url === url) === index);
  return places.map(({ url, files }) => ({ path: join(fileURLToPath(url), fileName), files }));
}

const packageAccess: PackageAccess = {
  // The literal is what package managers, bundlers and `deno publish` find the package by.
  load: async () => await import("neuromorphic-drivers-native"),
  resolve: () => resolveModule() ?? resolveCommonJs(),
};

function resolveModule(): string | undefined {
  try {
    const url = import.meta.resolve("neuromorphic-drivers-native");
    return url.startsWith("file:") ? url : undefined;
  } catch {
    return undefined; // out of reach, or a bundler has removed the function
  }
}

/** For bundles as CommonJS. Deno would need permission to read, and runs none. */
function resolveCommonJs(): string | undefined {
  if (detectRuntime() === "deno") return undefined;
  try {
    return pathToFileURL(createRequire(programPlace()).resolve(nativePackage)).href;
  } catch {
    return undefined;
  }
}

/**
 * The names of a system's folders. Which libc a Linux has shows when a library is loaded: glibc's loader refuses
 * libraries for musl, and musl's those for glibc.
 */
function platformNames({ platform, architecture }: System): string[] {
  const name = `${platform}-${architecture}`;
  return platform === "linux" ? [name, `${name}-musl`] : [name];
}

function obstacle(reason: "missing" | "symbol" | "architecture", message: string): Place {
  return { path: nativePackage, obstacle: new LoadFailure(nativePackage, reason, message) };
}
