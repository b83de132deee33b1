/// <reference lib="dom" />
/** Requests to the server that gave the page. */

import { type ErrorCode, NeuromorphicError } from "../../../errors.ts";
import type { WireError } from "../../wire.ts";
import { errorOf } from "../../wire_errors.ts";

/** The server, by the page's address: `http://127.0.0.1:PORT/TOKEN/`. */
export class RemoteRequests {
  readonly #base: URL;

  constructor(base: URL) {
    this.#base = base;
  }

  /** The address of something: `"api/recording"`. */
  url(path: string): URL {
    return new URL(path, this.#base);
  }

  /** Asks for a value. */
  async get<Value>(path: string): Promise<Value> {
    return await (await this.#fetch(path)).json();
  }

  /** Gives a command. */
  async post<Value>(path: string, body: unknown): Promise<Value> {
    const headers = { "content-type": "application/json" };
    return await (await this.#fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  }

  /** A body that does not end. */
  async stream(path: string, signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    return (await this.#fetch(path, { signal })).body!.getReader();
  }

  async #fetch(path: string, options: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.url(path), { ...options, cache: "no-store" }).catch((cause) => {
      if (options.signal?.aborted) throw cause;
      throw gone(cause);
    });
    if (!response.ok) throw await failureOf(response);
    return response;
  }
}

/** The server has ended, or the connection broke. */
export function gone(cause?: unknown): NeuromorphicError {
  const message = "the program that gave this page has ended; start `neuromorphic-drivers view` again";
  return new NeuromorphicError("disconnected", message, { operation: "view", cause });
}

/** The error that a refusal tells of. */
export async function failureOf(response: Response): Promise<Error> {
  const error: WireError | undefined = await response.json().catch(() => undefined);
  const codeOfOthers: ErrorCode = response.status === 503 ? "busy" : "io";
  if (error !== undefined && typeof error.message === "string") return errorOf(error, codeOfOthers);
  return errorOf({ name: "Error", message: `the server answers ${response.status}` }, codeOfOthers);
}
