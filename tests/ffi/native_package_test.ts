/** The package of the native libraries: which of its folders are tried, and what is wrong with a package or a file. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LoadFailure } from "../../ffi/load_failure.ts";
import { type NativePackage, type PackageAccess, packagedPlaces } from "../../ffi/native_package.ts";
import { checkFile } from "../../ffi/place.ts";
import { version } from "../../src/version.ts";
import { test } from "../support/test.ts";

const fileName = "libneuromorphic_drivers.so";
const files = { [fileName]: { size: 3, sha256: "" } };
const root = pathToFileURL("/packages/my cameras é/").href;

function packageWith(...names: readonly string[]): NativePackage {
  return { version, platforms: Object.fromEntries(names.map((name) => [name, { url: `${root}${name}/`, files }])) };
}

function accessTo(native: NativePackage, resolved?: string): PackageAccess {
  return { load: () => Promise.resolve(native), resolve: () => resolved };
}

async function pathsOf(
  native: NativePackage,
  [platform, architecture]: readonly [string, string],
  resolved?: string,
): Promise<string[]> {
  const places = await packagedPlaces(fileName, { platform, architecture }, accessTo(native, resolved));
  return places.map(({ path, obstacle }) => obstacle === undefined ? path : `${obstacle.reason}: ${obstacle.message}`);
}

test("Linux's folder for glibc is tried before the one for musl, other systems have one", {}, async () => {
  const native = packageWith("linux-arm64-musl", "linux-arm64", "linux-x64", "darwin-arm64");
  const folder = (name: string) => fileURLToPath(`${root}${name}/${fileName}`);
  assert.deepEqual(await pathsOf(native, ["linux", "arm64"]), [folder("linux-arm64"), folder("linux-arm64-musl")]);
  assert.deepEqual(await pathsOf(native, ["darwin", "arm64"]), [folder("darwin-arm64")]);
});

test("in a bundle the package is where the runtime finds it; elsewhere that is the same place", {}, async () => {
  const native = packageWith("darwin-x64");
  const inModules = pathToFileURL("/app/node_modules/neuromorphic-drivers-native/index.js").href;
  const found = "/app/node_modules/neuromorphic-drivers-native/darwin-x64/libneuromorphic_drivers.so";
  const own = fileURLToPath(`${root}darwin-x64/${fileName}`);
  assert.deepEqual(await pathsOf(native, ["darwin", "x64"], inModules), [own, fileURLToPath(pathToFileURL(found))]);
  assert.deepEqual(await pathsOf(native, ["darwin", "x64"], `${root}index.js`), [own]);
});

test("a place knows its folder's files", {}, async () => {
  const system = { platform: "linux", architecture: "x64" };
  const [place] = await packagedPlaces(fileName, system, accessTo(packageWith("linux-x64")));
  assert.equal(place!.files, files);
});

test("a system without a folder: what the package has", {}, async () => {
  const native = packageWith("linux-x64", "win32-x64");
  assert.deepEqual(await pathsOf(native, ["linux", "riscv64"]), ["architecture: it has linux-x64, win32-x64"]);
});

test("a package of another version is not used", {}, async () => {
  const native = { ...packageWith("linux-x64"), version: "0.0.9" };
  assert.deepEqual(await pathsOf(native, ["linux", "x64"]), [`symbol: 0.0.9, and ${version} is needed`]);
});

test("a missing package: the runtime's words", {}, async () => {
  const load = () => Promise.reject(new Error("Cannot find package 'neuromorphic-drivers-native'"));
  const missing = { load, resolve: () => undefined };
  const [place] = await packagedPlaces(fileName, { platform: "linux", architecture: "x64" }, missing);
  assert.equal(place!.path, "neuromorphic-drivers-native");
  assert.deepEqual([place!.obstacle!.reason, place!.obstacle!.message], [
    "missing",
    "Cannot find package 'neuromorphic-drivers-native'",
  ]);
});

test("a truncated or altered file is not loaded; one that is as it was built is", {}, () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_"));
  try {
    const path = join(folder, fileName);
    const bytes = new TextEncoder().encode("a library");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const place = { path, files: { [fileName]: { size: bytes.length, sha256 } } };
    const failure = (message: RegExp) => (error: unknown) =>
      error instanceof LoadFailure && error.reason === "altered" && error.path === path && message.test(error.message);

    checkFile(place); // missing: the loader says so
    writeFileSync(path, bytes);
    checkFile(place);
    writeFileSync(path, bytes.subarray(1));
    assert.throws(() => checkFile(place), failure(/it has 8 bytes, and was built with 9/));
    writeFileSync(path, "A library");
    assert.throws(() => checkFile(place), failure(/SHA-256/));
    checkFile({ path }); // nothing is known of it
  } finally {
    rmSync(folder, { recursive: true });
  }
});
