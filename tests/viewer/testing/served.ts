/** A server of the viewer over the virtual camera, and requests as a browser or a stranger sends them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { configureVirtualBus, open, type VirtualCameraOptions } from "../../../mod.ts";
import { CameraSession, type ServedDevice } from "../../../src/viewer/server/camera_session.ts";
import { serveViewer, type ViewerServer } from "../../../src/viewer/server/server.ts";
import { openSite, type SiteFiles } from "../../../src/viewer/server/site_files.ts";
import { MessageReader, type StreamMessage, type WireError } from "../../../src/viewer/wire.ts";
import { assertNothingLeft } from "../../support/virtual.ts";

/** A page that stands in for the real one. */
export const standIn: Readonly<Record<string, string>> = {
  "index.html": "<!doctype html><title>stand-in</title>",
  "assets/main.js": "export {};",
  "assets/decoder.wasm": "\0asm",
};

/** A folder with the stand-in page, and a secret beside it. */
export async function withSite<Result>(use: (site: SiteFiles, folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "viewer-"));
  try {
    const siteFolder = join(folder, "site");
    mkdirSync(join(siteFolder, "assets"), { recursive: true });
    for (const [name, content] of Object.entries(standIn)) writeFileSync(join(siteFolder, name), content);
    writeFileSync(join(siteFolder, "files.json"), JSON.stringify({ files: Object.keys(standIn) }));
    writeFileSync(join(folder, "secret.txt"), "secret");
    return await use(await openSite(pathToFileURL(`${siteFolder}/`)), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How to ask. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; an object as JSON. */
  readonly body?: string | Uint8Array | object;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** Of a body of JSON. */
  readonly json: unknown;
}

/** Asks for a path of a server, which is sent as it is: no `..` is resolved. */
export async function ask(server: ViewerServer, path: string, how: Ask = {}): Promise<Answer> {
  const response = await begin(server, path, how);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = new TextDecoder().decode(Uint8Array.from(chunks.flatMap((chunk) => Array.from(chunk))));
  const isJson = response.headers["content-type"] === "application/json" && text !== "";
  return { status: response.statusCode!, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** Asks, and leaves the body to the caller. */
export function begin(
  server: ViewerServer,
  path: string,
  { method, headers, body }: Ask = {},
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(server.url);
  const isObject = typeof body === "object" && !(body instanceof Uint8Array);
  const sent = isObject ? JSON.stringify(body) : body;
  const type: Record<string, string> = isObject ? { "content-type": "application/json" } : {};
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      path,
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: { ...type, ...headers },
      agent: false,
    }, resolve);
    request.on("error", reject);
    request.end(sent);
  });
}

/** The path behind the token: `api/source`. */
export function below(server: ViewerServer, path: string): string {
  return new URL(server.url).pathname + path;
}

/** The message of a refusal. */
export function refusalOf({ json }: Answer): string {
  return (json as WireError).message;
}

/** The messages of a stream, until it ends or is left. */
export async function* messagesOf(server: ViewerServer): AsyncGenerator<StreamMessage, void, undefined> {
  const response = await begin(server, below(server, "api/stream"));
  const reader = new MessageReader();
  try {
    for await (const chunk of response) yield* reader.push(chunk);
  } finally {
    response.destroy();
  }
}

/** A served virtual camera. */
export interface ServedCamera {
  readonly server: ViewerServer;
  readonly session: CameraSession;
  readonly device: ServedDevice;
  /** The folder that recordings are meant from. */
  readonly folder: string;
  /** What the session's loop ended with. */
  readonly running: Promise<WireError | null>;
}

/** Serves a virtual camera; nothing of it is left afterwards. */
export async function withCamera(
  camera: VirtualCameraOptions,
  use: (served: ServedCamera) => Promise<void>,
): Promise<void> {
  await configureVirtualBus([camera]);
  try {
    await withSite(async (site, folder) => {
      const device = await open({ libusb: "virtual", raw: true, iteratorTimeoutMs: 50 });
      const ending = new AbortController();
      const session = new CameraSession(device, { isVirtual: true, folder });
      const running = session.run(ending.signal);
      const server = await serveViewer({ site, served: { camera: session }, port: 0 });
      try {
        await use({ server, session, device, folder, running });
      } finally {
        ending.abort();
        await running;
        await server.close();
        device.close();
      }
    });
    await assertNothingLeft();
  } finally {
    await configureVirtualBus();
  }
}
