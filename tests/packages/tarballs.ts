/** Tarballs of npm packages: fetching those of third parties, and reading what they say of themselves. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { runPatiently } from "../../scripts/commands.ts";
import { integrityOf, tarballName } from "../../scripts/packages/pack.ts";
import { step } from "../../scripts/progress.ts";
import { toolsDirectory } from "../../scripts/project.ts";
import { withLock } from "../../scripts/setup/lock.ts";
import { refuseOffline, saysOffline } from "../../scripts/setup/offline.ts";
import type { PinnedPackage } from "./third_party.ts";

/** A packed package. */
export class Tarball {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  #manifest: Manifest | undefined;

  constructor({ name, version }: PackageName, path: string, bytes: Uint8Array = readFileSync(path)) {
    this.name = name;
    this.version = version;
    this.path = path;
    this.bytes = bytes;
  }

  /** Its package.json. Read when it is asked for: some tarballs are large, and only programs are taken from them. */
  get manifest(): Manifest {
    // The folder at the top may have any name.
    const isManifest = ([path]: [string, Uint8Array]) => /^[^/]+\/package\.json$/.test(path);
    const read = () => JSON.parse(new TextDecoder().decode([...entriesOf(this.bytes)].find(isManifest)![1]));
    return this.#manifest ??= read();
  }
}

/** A package's name and version. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
}

/** What package.json says. */
export interface Manifest extends PackageName {
  readonly [field: string]: unknown;
}

/** Files of a tarball with their contents. */
export function entriesOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const archive = gunzipSync(bytes);
  const text = (start: number, length: number) =>
    new TextDecoder().decode(archive.subarray(start, start + length)).replace(/\0.*$/s, "");
  const entries = new Map<string, Uint8Array>();
  // Blocks of 512 bytes: a header, then the content (POSIX ustar).
  for (let at = 0; at < archive.length && archive[at] !== 0;) {
    const prefix = text(at + 345, 155);
    const length = parseInt(text(at + 124, 12), 8);
    const kind = String.fromCharCode(archive[at + 156]!);
    const content = archive.subarray(at + 512, at + 512 + length);
    if (kind === "0" || kind === "\0") entries.set((prefix === "" ? "" : `${prefix}/`) + text(at, 100), content);
    at += 512 + Math.ceil(length / 512) * 512;
  }
  return entries;
}

/** The packages' tarballs. Those that are missing are fetched; one without the pinned hash is refused. */
export async function fetchTarballs(packages: readonly PinnedPackage[]): Promise<Tarball[]> {
  const folder = join(toolsDirectory, "npm-tarballs");
  const missing = () => packages.filter((pinned) => !existsSync(join(folder, tarballName(pinned))));
  if (missing().length > 0) {
    await withLock(toolsDirectory, async () => {
      mkdirSync(folder, { recursive: true });
      const wanted = missing();
      if (wanted.length > 0) await step(`${wanted.length} packages of npm for tests`, () => fetchInto(folder, wanted));
    });
  }
  return packages.map((pinned) => readPinned(join(folder, tarballName(pinned)), pinned));
}

/** `npm pack` writes tarballs as the registry has them. Each is renamed when it is known to be the right one. */
async function fetchInto(folder: string, packages: readonly PinnedPackage[]): Promise<void> {
  const unfinished = mkdtempSync(join(folder, "unfinished_"));
  try {
    const specifiers = packages.map(({ name, version }) => `${name}@${version}`);
    const parameters = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", unfinished];
    const options = { directory: unfinished, isFinal: saysOffline };
    const result = await runPatiently("npm", [...parameters, ...specifiers], options);
    refuseOffline(result, specifiers.join(", "), "npm's registry");
    if (result.exitStatus !== 0) throw new Error(`npm could not fetch ${specifiers.join(", ")}:\n${result.output}`);
    for (const pinned of packages) {
      readPinned(join(unfinished, tarballName(pinned)), pinned);
      renameSync(join(unfinished, tarballName(pinned)), join(folder, tarballName(pinned)));
    }
  } finally {
    rmSync(unfinished, { recursive: true });
  }
}

function readPinned(path: string, pinned: PinnedPackage): Tarball {
  const tarball = new Tarball(pinned, path);
  const actual = integrityOf(tarball.bytes);
  if (actual === pinned.integrity) return tarball;
  throw new Error(`${path} is not the ${pinned.name}@${pinned.version} with the pinned hash: it has ${actual}`);
}
