import type { ServerResponse } from "node:http";
import type { Status } from "../../../mod.ts";
import { LeftOut } from "../left_out.ts";
import { encodeHeader, type StreamHeader } from "../wire.ts";
import { writeHead } from "./replies.ts";

/** The most bytes that wait for a page: at 100 MB/s a sixth of a second. */
export const maximumWaitingBytes = 16 << 20;

/**
 * The stream of messages to one page. A page that does not take them in time loses data, which is counted; it never
 * delays the camera's loop or another page.
 */
export class PageStream {
  readonly #response: ServerResponse;
  readonly #leftOut = new LeftOut();
  /** From when too much waits until nothing does: what comes then is of the present. */
  #isFull = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    writeHead(response, 200, { "content-type": "application/octet-stream" });
    response.flushHeaders();
  }

  /** Sends what the camera sent, or skips it. The bytes must stay as they are. */
  sendData(status: Status, bytes: Uint8Array): void {
    this.#isFull = this.#response.writableLength > (this.#isFull ? 0 : maximumWaitingBytes);
    // A loss stands before bytes: a message without any does not tell it.
    if (this.#isFull || (this.#leftOut.isSomething && bytes.length === 0)) return this.#leftOut.add(status);
    const { skipped } = this.#leftOut;
    const header: StreamHeader = { kind: "data", status: this.#leftOut.put(status), skipped };
    this.#response.write(encodeHeader(header, bytes.length));
    if (bytes.length > 0) this.#response.write(bytes);
  }

  /** Sends what is small and rare. */
  send(header: Exclude<StreamHeader, { readonly kind: "data" }>): void {
    this.#response.write(encodeHeader(header));
  }

  /** Sends the last message, and before it what was lost at the end. */
  end(header: Extract<StreamHeader, { readonly kind: "end" }>): void {
    const { skipped } = this.#leftOut;
    const status = this.#leftOut.putRest();
    if (status !== undefined) this.#response.write(encodeHeader({ kind: "data", status, skipped }));
    this.#response.end(encodeHeader(header));
  }
}
