/** What each file of the package of native libraries has to be, and what is wrong with one. */

import { Buffer } from "node:buffer";
import { homedir } from "node:os";
import { nativeSymbols } from "../../ffi/symbols.ts";
import { type Platform, virtualCameraProgram } from "../../scripts/packages/platforms.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { type Binary, readBinary } from "./binaries/binary.ts";

/** Libraries that every system of a platform has, and no others. */
const systemLibraries: Readonly<Record<Platform, RegExp>> = {
  "linux-x64": /^(?:lib(?:c\.so\.6|(?:dl|m)\.so\.\d|pthread\.so\.0)|ld-linux-x86-64\.so\.2)$/,
  "linux-arm64": /^(?:lib(?:c\.so\.6|(?:dl|m)\.so\.\d|pthread\.so\.0)|ld-linux-aarch64\.so\.1)$/,
  "linux-x64-musl": /^libc\.so$/,
  "linux-arm64-musl": /^libc\.so$/,
  "darwin-x64": /^\/usr\/lib\/libSystem\.B\.dylib$/,
  "darwin-arm64": /^\/usr\/lib\/libSystem\.B\.dylib$/,
  "win32-x64": /^(?:KERNEL32|ntdll|api-ms-win-crt-heap-l1-1-0)\.dll$/,
  "win32-arm64": /^(?:KERNEL32|ntdll|api-ms-win-crt-heap-l1-1-0)\.dll$/,
};

/** glibc of CentOS 7, which Node's own packages need as well or a later one. */
const newestGlibc = [2, 17] as const;

/** What macOS loads. */
const oldestMacOs = "11.0";

/** What the linker, or Zig's start of a library, adds of its own. */
const ownExports: Readonly<Record<string, readonly string[]>> = {
  linux: [],
  darwin: ["__dso_handle", "_mh_dylib_header"],
  win32: ["DllMainCRTStartup", "__xl_a", "__xl_z", "_tls_end", "_tls_index", "_tls_start", "_tls_used"],
};

/** Texts that would tell where a library was built, and make it another one elsewhere. */
const privatePaths: readonly string[] = [projectDirectory, homedir(), ".zig-cache", "zig-out", "/lib/std/"];

/** What is wrong with a file; nothing where it is right. `virtualCamera` names the exports of the virtual camera's. */
export function problemsOf(
  bytes: Uint8Array,
  { platform, name, virtualCamera }: { platform: Platform; name: string; virtualCamera: readonly string[] },
): string[] {
  const [system, architecture] = platform.split("-");
  const binary = readBinary(bytes);
  const isProgram = name === virtualCameraProgram;
  const exports = isProgram ? [] : name.includes("virtual_camera") ? virtualCamera : Object.keys(nativeSymbols);
  const known = new Set([...exports, ...ownExports[binary.platform]!]);
  const allowed = isProgram ? /^$/ : systemLibraries[platform];
  return [
    ...(binary.platform === system ? [] : [`is for ${binary.platform}`]),
    ...(binary.architecture === architecture ? [] : [`is for ${binary.architecture}`]),
    ...((binary.kind === "program") === isProgram ? [] : [`is a ${binary.kind}`]),
    ...exports.filter((each) => !binary.exports.includes(each)).map((each) => `does not export ${each}`),
    ...binary.exports.filter((each) => !known.has(each)).map((each) => `exports ${each}`),
    ...binary.needs.filter((each) => !allowed.test(each)).map((each) => `needs ${each}`),
    ...binary.versions.filter(isTooNew).map((each) => `needs ${each}`),
    ...binary.debugging.map((each) => `has ${each} for debuggers`),
    ...(system === "darwin" ? macProblems(binary) : []),
    ...privatePaths.filter((path) => Buffer.from(bytes).includes(path)).map((path) => `holds the text ${path}`),
  ];
}

function isTooNew(version: string): boolean {
  const [, major = 0, minor = 0] = /^GLIBC_(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return major !== newestGlibc[0] || minor > newestGlibc[1];
}

function macProblems({ architecture, oldestSystem, isSigned }: Binary): string[] {
  return [
    ...(oldestSystem === oldestMacOs ? [] : [`is for macOS ${oldestSystem}`]),
    // Zig signs what it links for arm64, because macOS loads nothing unsigned there.
    ...(architecture === "x64" || isSigned ? [] : ["is not signed"]),
  ];
}
