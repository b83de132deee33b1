/** A registry of npm on this machine, which has some packages and no others. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { integrityOf } from "../../scripts/packages/pack.ts";
import { type PackageName, type Tarball } from "./tarballs.ts";
import { koffiPackages } from "./third_party.ts";

/** A running registry. */
export interface Registry {
  /** Its address, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a registry with packages. */
export async function startRegistry(tarballs: readonly Tarball[]): Promise<Registry> {
  const files = new Map(tarballs.map((tarball) => [tarballPath(tarball), tarball.bytes]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://registry").pathname);
    const file = files.get(path);
    if (file !== undefined) {
      return void response.writeHead(200, { "content-type": "application/octet-stream" }).end(file);
    }
    const document = packument(path.slice("/".length), tarballs, url);
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? { error: `there is no ${path} here` }));
  });
  const url = await listen(server);
  return { url, close: () => close(server) };
}

/** Starts a server on a free port. Returns its address. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends a server and what it still does. */
export function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function tarballPath({ name, version }: PackageName): string {
  return `/${name}/-/${name.split("/").at(-1)}-${version}.tgz`;
}

/** What the registry says of a package; undefined where it has none of that name. */
function packument(name: string, tarballs: readonly Tarball[], url: string): Record<string, unknown> | undefined {
  const packed = tarballs.filter((tarball) => tarball.name === name).map(({ bytes, manifest }) => ({
    ...manifest,
    dist: { tarball: url + tarballPath(manifest), integrity: integrityOf(bytes) },
  }));
  // koffi's packages for other systems are asked for and not fetched.
  const elsewhere = koffiPackages().filter((locked) => locked.name === name).map(({ integrity, ...manifest }) => ({
    ...manifest,
    dist: { tarball: url + tarballPath(manifest), integrity },
  }));
  const versions = packed.length > 0 ? packed : elsewhere;
  if (versions.length === 0) return undefined;
  return {
    name,
    "dist-tags": { latest: versions[0]!.version },
    versions: Object.fromEntries(versions.map((version) => [version.version, version])),
    // Long ago: package managers wait before they install what is new.
    time: Object.fromEntries(versions.map(({ version }) => [version, "2020-01-01T00:00:00.000Z"])),
  };
}
