/** The npm package of the native libraries, read byte by byte: no other system is needed. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadAdapter } from "../../ffi/load.ts";
import type { NativePackage } from "../../ffi/native_package.ts";
import { pathsBelow } from "../../scripts/packages/files.ts";
import { assembleNatives, buildNativesPackage } from "../../scripts/packages/natives.ts";
import { packageDirectories } from "../../scripts/packages/names.ts";
import { filesOf, type Platform, platforms, virtualCameraProgram } from "../../scripts/packages/platforms.ts";
import { checkReproducible } from "../../scripts/packages/reproducible.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { getZig } from "../../scripts/setup/zig.ts";
import { version } from "../../src/version.ts";
import { readNativeText } from "../../src/native/text.ts";
import { virtualLibraryPath } from "../support/libraries.ts";
import { readBinary } from "./binaries/binary.ts";
import { problemsOf } from "./native_files.ts";

await buildNativesPackage(getZig);
const native: NativePackage = await import(pathToFileURL(join(packageDirectories.native, "index.js")).href);

/** What the virtual camera's library says that it exports: the one of this clone, of the same sources. */
const virtualCamera = await (async () => {
  const { symbols } = (await loadAdapter()).openLibrary(virtualLibraryPath, {
    nd_virtual_layout: { parameters: ["buffer", "u32"], result: "i32" },
  });
  return Object.keys(JSON.parse(readNativeText(symbols.nd_virtual_layout, "describe exports")));
})();

function read(platform: Platform, name: string): Uint8Array {
  return readFileSync(join(packageDirectories.native, platform, name));
}

for (const platform of platforms) {
  test(`${platform}: its files are for it, export what they should, and need what it has`, () => {
    for (const name of filesOf(platform)) {
      assert.deepEqual(problemsOf(read(platform, name), { platform, name, virtualCamera }), [], `${platform}/${name}`);
    }
  });
}

test("the package holds the files of its manifest, a few texts and nothing else", () => {
  const texts = ["LICENSE", "README.md", "index.d.ts", "index.js", "manifest.js", "package.json"];
  const listed = Object.entries(native.platforms).flatMap(([platform, { files }]) =>
    Object.keys(files).map((name) => join(platform, name))
  );
  assert.deepEqual(pathsBelow(packageDirectories.native), [...texts, ...listed].sort());
  assert.deepEqual(Object.keys(native.platforms).sort(), [...platforms].sort());
});

test("the manifest has each file's size and hash, and its folder's URL", () => {
  for (const platform of platforms) {
    const { url, files } = native.platforms[platform]!;
    assert.equal(url, `${pathToFileURL(join(packageDirectories.native, platform)).href}/`);
    const expected = filesOf(platform).map((name) => {
      const bytes = read(platform, name);
      return [name, { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }];
    });
    assert.deepEqual(files, Object.fromEntries(expected));
  }
});

test("the package has the project's version, in its module and in its package.json", () => {
  assert.equal(native.version, version);
  assert.equal(JSON.parse(readFileSync(join(packageDirectories.native, "package.json"), "utf8")).version, version);
});

test("only the program may be executed", () => {
  for (const path of pathsBelow(packageDirectories.native)) {
    const isExecutable = (statSync(join(packageDirectories.native, path)).mode & 0o111) !== 0;
    assert.equal(isExecutable, path.endsWith(`/${virtualCameraProgram}`), path);
  }
});

test("the package has at most 8 MB, unpacked", () => {
  const bytes = pathsBelow(packageDirectories.native)
    .reduce((sum, path) => sum + statSync(join(packageDirectories.native, path)).size, 0);
  assert.ok(bytes <= 8_000_000, `${bytes} bytes`);
});

// Of one that is built in a moment, and has a signature and an id. `deno task release` builds all again.
test("built in another folder, a platform's files are the same bytes", async () => {
  await checkReproducible(await getZig(), { only: ["darwin-arm64"] });
});

/** What `problemsOf` says of a file of one platform in the place of another file. */
function problemsIn(platform: Platform, name: string, bytes: Uint8Array): string[] {
  return problemsOf(bytes, { platform, name, virtualCamera });
}

/** A file in which a text is replaced by another one that is not longer. */
function withText(platform: Platform, name: string, text: string, other: string): Uint8Array {
  const bytes = Buffer.from(read(platform, name));
  const offset = bytes.indexOf(`\0${text}\0`);
  assert.ok(offset >= 0, text);
  bytes.write(other.padEnd(text.length, "\0"), offset + 1);
  return bytes;
}

/** A file in which numbers of four bytes, one after the other, are replaced by others. */
function withNumbers(platform: Platform, name: string, numbers: readonly number[], others: readonly number[]): Buffer {
  const bytes = Buffer.from(read(platform, name));
  const offset = bytes.indexOf(Buffer.from(Uint32Array.from(numbers).buffer));
  assert.ok(offset >= 0, numbers.join(" "));
  bytes.set(new Uint8Array(Uint32Array.from(others).buffer), offset);
  return bytes;
}

const elf = "libneuromorphic_drivers.so";
const machO = "libneuromorphic_drivers.dylib";
const pe = "neuromorphic_drivers.dll";

test("a file for another system, processor or libc is found", () => {
  assert.deepEqual(problemsIn("linux-x64", elf, read("linux-arm64", elf)), ["is for arm64"]);
  assert.ok(problemsIn("linux-x64", elf, read("win32-x64", pe)).includes("is for win32"));
  assert.ok(problemsIn("linux-x64-musl", elf, read("linux-x64", elf)).includes("needs libc.so.6"));
  assert.ok(problemsIn("linux-x64", elf, read("linux-x64-musl", elf)).includes("needs libc.so"));
  assert.ok(problemsIn("linux-x64", elf, read("linux-x64", virtualCameraProgram)).includes("is a program"));
  assert.throws(() => readBinary(new Uint8Array(100)), /neither ELF, Mach-O nor PE: it begins with 0x0/);
});

test("an export that is missing, or one too many, is found in each format", () => {
  for (const platform of platforms) {
    const [drivers = "", camera = ""] = filesOf(platform);
    const problems = problemsIn(platform, drivers, read(platform, camera));
    assert.ok(problems.includes("does not export nd_stream_open"), platform);
    assert.ok(problems.includes("exports libusb_bulk_transfer"), platform);
  }
});

test("a newer glibc, a newer macOS and a missing signature are found", () => {
  const glibc = withText("linux-x64", elf, "GLIBC_2.17", "GLIBC_2.18");
  assert.deepEqual(problemsIn("linux-x64", elf, glibc), ["needs GLIBC_2.18"]);
  const forMacOs = 1, codeSignature = 0x1D, uuid = 0x1B, bytesOfCommand = 16;
  const macOs = withNumbers("darwin-arm64", machO, [forMacOs, 11 << 16], [forMacOs, 12 << 16]);
  assert.deepEqual(problemsIn("darwin-arm64", machO, macOs), ["is for macOS 12.0"]);
  const unsigned = withNumbers("darwin-arm64", machO, [codeSignature, bytesOfCommand], [uuid, bytesOfCommand]);
  assert.deepEqual(problemsIn("darwin-arm64", machO, unsigned), ["is not signed"]);
});

test("what is for debuggers is found in each format, and so are paths of the build", () => {
  const section = withText("linux-x64", elf, ".comment", ".debug_x");
  assert.deepEqual(problemsIn("linux-x64", elf, section), ["has .debug_x for debuggers"]);
  const segment = withText("darwin-x64", machO, "__LINKEDIT", "__DWARF");
  assert.deepEqual(problemsIn("darwin-x64", machO, segment), ["has __DWARF for debuggers"]);
  const dll = Buffer.from(read("win32-x64", pe));
  dll.writeUInt32LE(1, dll.readUInt32LE(0x3C) + 12); // where its table of symbols is
  assert.deepEqual(problemsIn("win32-x64", pe, dll), ["has symbol table for debuggers"]);
  const path = Buffer.concat([read("win32-x64", pe), Buffer.from(join(projectDirectory, "zig", "src"))]);
  assert.ok(problemsIn("win32-x64", pe, path).includes(`holds the text ${projectDirectory}`));
});

test("a package with a missing file, or with one too many, is not assembled", () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_natives_"));
  const built = join(folder, "built");
  const assemble = () => assembleNatives(built, join(folder, "package"));
  try {
    for (const platform of platforms) {
      mkdirSync(join(built, platform), { recursive: true });
      for (const name of filesOf(platform)) writeFileSync(join(built, platform, name), name);
    }
    assemble();
    const before = pathsBelow(join(folder, "package"));
    assert.ok(before.includes(join("win32-arm64", pe)));

    rmSync(join(built, "darwin-x64", machO));
    writeFileSync(join(built, "win32-x64", "neuromorphic_drivers.pdb"), "");
    assert.throws(assemble, {
      message: `${built} does not hold what the package needs:\n` +
        `darwin-x64/${machO} is missing\nwin32-x64/neuromorphic_drivers.pdb belongs to no platform`,
    });
    assert.deepEqual(pathsBelow(join(folder, "package")), before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
