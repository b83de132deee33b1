/** The server of the page: on this computer only, for the holder of the token. */

import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { NeuromorphicError } from "../../errors.ts";
import type { CameraSession } from "./camera_session.ts";
import { type Guarded, judge } from "./guard.ts";
import type { RecordingFile } from "./recording_file.ts";
import { HttpError, readJson, sendError, sendJson, writeHead } from "./replies.ts";
import type { SiteFiles } from "./site_files.ts";

/** What the page shows. */
export type Served = { readonly camera: CameraSession } | { readonly recording: RecordingFile };

/** How to serve. */
export interface ServeOptions {
  readonly site: SiteFiles;
  readonly served: Served;
  /** On 127.0.0.1; 0 lets the system choose. */
  readonly port: number;
}

/** A running server. */
export interface ViewerServer {
  /** The page's address, with the token. */
  readonly url: string;
  /**
   * An address that leads to the page once. It is for the command line of a browser, which other users of the computer
   * can read: when they do, it leads nowhere any more.
   */
  makeTicketUrl(): string;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Requests and their headers are small and come at once; a connection that is slow to send them is closed. */
const [headersTimeoutMs, requestTimeoutMs, maximumHeaderBytes, maximumConnections] = [10_000, 30_000, 16_384, 64];

/** What answers a request. `GET` also answers `HEAD`. */
interface Route {
  readonly method: "GET" | "POST";
  answer(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
}

/**
 * Serves the page.
 *
 * @throws {NeuromorphicError} "busy" where the port is taken, "permission-denied" where it must not be used.
 */
export async function serveViewer({ site, served, port }: ServeOptions): Promise<ViewerServer> {
  const token = makeToken();
  const routes = routesOf(served);
  let guarded: Guarded = { port, token };
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    maxHeaderSize: maximumHeaderBytes,
  }, (request, response) => {
    response.on("error", () => {}); // the page is gone
    const answered = (async () => {
      const verdict = judge({ url: request.url ?? "", headers: request.headers }, guarded);
      if ("refusal" in verdict) throw new HttpError(403, verdict.refusal, { connection: "close" });
      if ("isTicket" in verdict) {
        guarded = { ...guarded, ticket: undefined };
        writeHead(response, 303, { location: `/${token}/` });
        response.end();
        return;
      }
      await answer(verdict.path, request, response);
    })();
    answered.catch((error) => sendError(response, error));
  });
  server.maxConnections = maximumConnections;
  guarded = { port: await listen(server, port), token };
  const urlOf = (word: string) => `http://127.0.0.1:${guarded.port}/${word}/`;
  return {
    url: urlOf(token),
    makeTicketUrl() {
      const ticket = makeToken();
      guarded = { ...guarded, ticket };
      return urlOf(ticket);
    },
    close: () => close(server),
  };

  async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routes.get(path);
    const allowed = route?.method === "POST" ? ["POST"] : ["GET", "HEAD"];
    if (!allowed.includes(request.method ?? "")) {
      const known = route !== undefined || await site.read(path) !== undefined;
      if (known) throw new HttpError(405, `the method must be ${allowed.join(" or ")}`, { allow: allowed.join(", ") });
    }
    if (route !== undefined) return await route.answer(request, response);
    const file = await site.read(path);
    if (file === undefined) throw new HttpError(404, "there is no such file");
    writeHead(response, 200, { "content-type": file.contentType, "content-length": file.bytes.length });
    response.end(request.method === "HEAD" ? undefined : file.bytes);
  }
}

function routesOf(served: Served): ReadonlyMap<string, Route> {
  return new Map(Object.entries("camera" in served ? cameraRoutes(served.camera) : recordingRoutes(served.recording)));
}

function recordingRoutes(recording: RecordingFile): Record<string, Route> {
  return {
    "api/source": { method: "GET", answer: (_, response) => sendJson(response, 200, recording.describe()) },
    "api/recording": { method: "GET", answer: (request, response) => recording.send(request, response) },
  };
}

function cameraRoutes(camera: CameraSession): Record<string, Route> {
  /** A command: JSON in, JSON out. */
  const command = (carryOut: (body: Readonly<Record<string, unknown>>) => unknown): Route => ({
    method: "POST",
    async answer(request, response) {
      const body = await readJson(request);
      sendJson(response, 200, await carryOut(body));
    },
  });
  return {
    "api/source": { method: "GET", answer: (_, response) => sendJson(response, 200, camera.describe()) },
    "api/stream": {
      method: "GET",
      answer(request, response) {
        if (request.method === "HEAD") throw new HttpError(405, "the method must be GET", { allow: "GET" });
        camera.addPage(response);
      },
    },
    "api/configuration": command((changes) => camera.updateConfiguration(changes)),
    "api/sensors": command((body) => ({ value: camera.measure(body) })),
    "api/record": command((body) => camera.startRecording(body)),
    "api/record/stop": command(() => camera.stopRecording()),
  };
}

/** Listens on the loopback interface alone, and returns the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, port));
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", fail);
      resolve((server.address() as { readonly port: number }).port);
    });
  });
}

function listenError(cause: NodeJS.ErrnoException, port: number): NeuromorphicError {
  const details = { operation: "view", cause };
  if (cause.code === "EADDRINUSE") {
    const message = `port ${port} of 127.0.0.1 is in use; give another one by --port, or leave it out`;
    return new NeuromorphicError("busy", message, details);
  }
  const code = cause.code === "EACCES" || cause.code === "EPERM" ? "permission-denied" : "io";
  return new NeuromorphicError(code, `port ${port} of 127.0.0.1 cannot be used: ${cause.message}`, details);
}

/** How long the end of a stream may take to reach its page. */
const graceMs = 500;

/** Ends the server and its connections, also those of pages that take nothing. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function makeToken(): string {
  return randomBytes(24).toString("base64url");
}
