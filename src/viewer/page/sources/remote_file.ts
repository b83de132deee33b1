/// <reference lib="dom" />
import { failureOf } from "./remote_requests.ts";

/** A file of the computer whose server gave the page: parts of it are fetched when they are read. */
export class RemoteFile extends Blob {
  /** Without its folder. */
  readonly name: string;
  /** Unix time in ms. */
  readonly lastModified: number;
  readonly #url: URL;
  readonly #start: number;
  readonly #end: number;

  constructor(url: URL, { name, lastModified, start = 0, end }: RemoteFileOptions) {
    super();
    this.name = name;
    this.lastModified = lastModified;
    this.#url = url;
    this.#start = start;
    this.#end = end;
  }

  override get size(): number {
    return this.#end - this.#start;
  }

  override slice(start = 0, end = this.size): RemoteFile {
    const place = (at: number) => this.#start + Math.min(Math.max(at < 0 ? at + this.size : at, 0), this.size);
    const [from, to] = [place(start), place(end)];
    const { name, lastModified } = this;
    return new RemoteFile(this.#url, { name, lastModified, start: from, end: Math.max(from, to) });
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.size === 0) return new ArrayBuffer(0);
    const response = await fetch(this.#url, { headers: { range: `bytes=${this.#start}-${this.#end - 1}` } });
    if (!response.ok) throw await failureOf(response);
    const bytes = await response.arrayBuffer();
    if (response.status !== 206 || bytes.byteLength !== this.size) throw new Error("the file has changed");
    return bytes;
  }
}

/** Which file, and which part of it. */
export interface RemoteFileOptions {
  readonly name: string;
  readonly lastModified: number;
  /** The first byte. Default 0. */
  readonly start?: number;
  /** The byte behind the last one. */
  readonly end: number;
}
