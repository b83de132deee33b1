/** How requests are answered: headers, JSON, errors, bodies. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { NeuromorphicError } from "../../errors.ts";
import { wireErrorOf } from "../wire_errors.ts";

/** A request that cannot be served as it is. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.headers = headers;
  }
}

/**
 * The page's content security policy: what it loads comes from here, and nothing of it is inline. `'wasm-unsafe-eval'`
 * lets it compile WebAssembly, and JavaScript's `eval` stays off. Pictures and clips that it makes are `blob:`.
 */
export const contentSecurityPolicy: string = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Of every answer. `frame-ancestors` works as a header only. */
const commonHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": `${contentSecurityPolicy}; frame-ancestors 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

/** Begins an answer. */
export function writeHead(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>>,
): void {
  response.writeHead(status, { ...commonHeaders, ...headers });
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = new TextEncoder().encode(JSON.stringify(value));
  writeHead(response, status, { ...headers, "content-type": "application/json", "content-length": body.length });
  response.end(body);
}

/** Answers with an error, as far as nothing was answered before. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const headers = error instanceof HttpError ? error.headers : {};
  sendJson(response, statusOf(error), wireErrorOf(error), headers);
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof TypeError || error instanceof RangeError) return 400;
  return error instanceof NeuromorphicError ? 409 : 500;
}

/** The most bytes of a body: a mask of all pixels of a sensor, written out. */
const maximumBodyBytes = 1 << 20;

/** The JSON object of a request's body. */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  // Another site's page cannot send this type without asking first, and is not answered then.
  if (!/^application\/json(;|$)/.test(request.headers["content-type"] ?? "")) {
    throw new HttpError(415, "the body must be application/json");
  }
  return parseObject(await readBody(request));
}

/** Not by `for await`: leaving that closes the connection, and the answer would not arrive. */
function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on("data", (chunk: Uint8Array) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= maximumBodyBytes) return;
      request.pause();
      chunks.length = 0;
      reject(new HttpError(413, `the body must have at most ${maximumBodyBytes} bytes`, { connection: "close" }));
    });
    request.on("end", () => resolve(concatenate(chunks, length)));
    request.on("error", reject);
    request.on("close", () => reject(new HttpError(400, "the body is cut")));
  });
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new HttpError(400, "the body must be a JSON object");
}
