/** JSR on this machine, with our package as `deno publish` uploads it. Deno takes its address from `JSR_URL`. */

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesIn } from "../../scripts/packages/files.ts";
import { stageJsrPackage } from "../../scripts/packages/jsr.ts";
import { names } from "../../scripts/packages/names.ts";
import { withSpecifiers } from "../../scripts/packages/sources.ts";
import { close, listen } from "./registry.ts";

/** A running JSR. */
export interface JsrServer {
  /** With a slash at the end, as Deno wants it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it. What it answers is what jsr.io/docs/api says of the registry's API. */
export async function startJsr(): Promise<JsrServer> {
  const { files, version, exports } = await publishedPackage();
  const [scope, name] = names.jsr.slice("@".length).split("/");
  const manifest = Object.fromEntries(
    [...files].map(([path, bytes]) => {
      const checksum = `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
      return [`/${path}`, { size: bytes.length, checksum }];
    }),
  );
  const answers = new Map<string, string | Uint8Array>([
    [`/${names.jsr}/meta.json`, JSON.stringify({ scope, name, latest: version, versions: { [version]: {} } })],
    [`/${names.jsr}/${version}_meta.json`, JSON.stringify({ manifest, exports })],
    ...[...files].map(([path, bytes]) => [`/${names.jsr}/${version}/${path}`, bytes] as const),
  ]);
  const server = createServer((request, response) => {
    // As JSR: to programs a module is TypeScript, and a page to browsers only.
    const path = request.url ?? "/";
    const answer = answers.get(path);
    const contentType = path.endsWith(".ts") ? "text/typescript" : "application/json";
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": contentType }).end(answer);
  });
  return { url: `${await listen(server)}/`, close: () => close(server) };
}

interface Published {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** What is published, with the imports of packages as `deno publish` writes them: `npm:koffi@3.3.4` for `koffi`. */
async function publishedPackage(): Promise<Published> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_jsr_"));
  try {
    await stageJsrPackage(folder);
    const { version, exports, imports } = JSON.parse(readFileSync(join(folder, "deno.json"), "utf8"));
    const files = new Map([...bytesIn(folder)].map(([path, bytes]) => {
      if (!path.endsWith(".ts")) return [path, bytes];
      const text = withSpecifiers(new TextDecoder().decode(bytes), (specifier) => imports[specifier] ?? specifier);
      return [path, new TextEncoder().encode(text)];
    }));
    return { files, version, exports };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
