/**
 * What the server of `neuromorphic-drivers view` and its page say to each other. Both import this file.
 *
 * The page's address is `http://127.0.0.1:PORT/TOKEN/`, and all else lies below it:
 *
 * | request                     | answer                                                                       |
 * | --------------------------- | ---------------------------------------------------------------------------- |
 * | `GET api/source`            | {@link SourceDescription}: a camera, or a recording                          |
 * | `GET api/stream`            | a camera's messages ({@link StreamHeader}), until the page or the camera ends |
 * | `POST api/configuration`    | changes → the configuration in force                                         |
 * | `POST api/sensors`          | {@link SensorRequest} → `{ value }`                                          |
 * | `POST api/record`           | {@link RecordRequest} → {@link RecorderState}                                |
 * | `POST api/record/stop`      | `{}` → {@link RecorderState} of its end                                      |
 * | `GET api/recording`         | a recording's bytes, also by ranges                                          |
 *
 * Bodies are JSON. A refusal has a status of 400 and above, and a {@link WireError} as its body.
 */

import type { CameraProperties, Firmware } from "../cameras/driver.ts";
import type { DecoderOptions } from "../decoder/decoder.ts";
import type { Status } from "../packets/status.ts";
import type { UsbSpeed } from "../types.ts";

/** A camera that the server has opened. */
export interface CameraDescription {
  readonly kind: "camera";
  readonly type: string;
  readonly name: string;
  readonly serial: string;
  readonly speed: UsbSpeed;
  /** True for the virtual camera of the computer. */
  readonly isVirtual: boolean;
  readonly properties: CameraProperties;
  readonly decoderOptions: DecoderOptions;
  readonly firmware: Firmware;
  /** The configuration in force. */
  readonly configuration: unknown;
  /** Names of what the camera measures besides events. */
  readonly sensors: readonly string[];
  /** The recording that runs; null where none does. */
  readonly recorder: RecorderState | null;
}

/** A recording that the server has opened. */
export interface RecordingDescription {
  readonly kind: "recording";
  /** The file's name, without its folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Unix time in ms. */
  readonly modifiedMs: number;
}

/** What the page shall show. */
export type SourceDescription = CameraDescription | RecordingDescription;

/** Of `POST api/sensors`: what to measure, and what with. */
export interface SensorRequest {
  readonly name: string;
  readonly parameters?: readonly unknown[] | undefined;
}

/** Of `POST api/record`: a path on the computer, from the folder in which `view` was started. */
export interface RecordRequest {
  readonly path: string;
  readonly seconds?: number | undefined;
  readonly bytes?: number | undefined;
  /** True: files that exist are overwritten. */
  readonly force?: boolean | undefined;
}

/** A recording that runs or has ended. */
export interface RecorderState {
  readonly path: string;
  readonly receiptPath: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly polarityEvents: number;
  readonly gaps: number;
  readonly droppedBytes: number;
  readonly queuedBytes: number;
  /** Why it ended; null while it runs. */
  readonly reason: string | null;
  /** Why writing failed; null where it has not. */
  readonly error: WireError | null;
}

/** An error, as it crosses the wire. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  /** Of a `NeuromorphicError`. */
  readonly code?: string | undefined;
  readonly operation?: string | undefined;
  readonly device?: string | undefined;
}

/** What was not sent to this page, because it has not taken what was sent before. The camera's loop had it. */
export interface Skipped {
  readonly rawPackets: number;
  readonly bytes: number;
}

/** The head of a message of the stream. Only `"data"` has bytes behind it. */
export type StreamHeader =
  | {
    readonly kind: "data";
    /** As the raw loop had it; what was skipped before counts as dropped, and its losses with it. */
    readonly status: Status;
    /** How much of what was dropped was skipped in front of these bytes. */
    readonly skipped: Skipped;
  }
  | { readonly kind: "configuration"; readonly configuration: unknown }
  | { readonly kind: "recorder"; readonly recorder: RecorderState }
  /** The last message: the camera is closed or gone. A stream without it has broken. */
  | { readonly kind: "end"; readonly error: WireError | null };

/** A message of the stream. */
export interface StreamMessage {
  readonly header: StreamHeader;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Two lengths as u32, little-endian: of the header, which is JSON in UTF-8, and of the bytes behind it. */
const prefixBytes = 8;

/** Longer headers and bytes are no messages of ours: an item of a raw loop has 8 MiB, or one transfer. */
const maximumHeaderBytes = 16 << 20;
const maximumDataBytes = 256 << 20;

/** The beginning of a message: lengths and header. Its bytes come behind it, and need not be copied. */
export function encodeHeader(header: StreamHeader, byteLength = 0): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(prefixBytes + text.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, text.length, true);
  view.setUint32(4, byteLength, true);
  message.set(text, prefixBytes);
  return message;
}

/**
 * Puts messages together from chunks that are cut anywhere. The bytes of a message are its own.
 *
 * @throws {RangeError} for lengths that no message has.
 */
export class MessageReader {
  #prefix = new Uint8Array(prefixBytes);
  /** What is being filled, and how far. */
  #target: Uint8Array<ArrayBuffer> = this.#prefix;
  #filled = 0;
  #header: StreamHeader | undefined;
  #dataBytes = 0;

  /** True between messages: a stream that ends here is not cut. */
  get isBetweenMessages(): boolean {
    return this.#target === this.#prefix && this.#filled === 0;
  }

  /** The messages that a chunk completes. */
  *push(chunk: Uint8Array): Generator<StreamMessage, void, undefined> {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(chunk.length - at, this.#target.length - this.#filled);
      this.#target.set(chunk.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === this.#target.length) yield* this.#complete();
    }
  }

  *#complete(): Generator<StreamMessage, void, undefined> {
    if (this.#target === this.#prefix) {
      const view = new DataView(this.#prefix.buffer);
      const headerBytes = view.getUint32(0, true);
      this.#dataBytes = view.getUint32(4, true);
      if (headerBytes === 0 || headerBytes > maximumHeaderBytes || this.#dataBytes > maximumDataBytes) {
        throw new RangeError(`no message has a header of ${headerBytes} and data of ${this.#dataBytes} bytes`);
      }
      this.#expect(new Uint8Array(headerBytes));
      return;
    }
    if (this.#header === undefined) {
      this.#header = JSON.parse(new TextDecoder().decode(this.#target)) as StreamHeader;
      this.#expect(new Uint8Array(this.#dataBytes));
      if (this.#dataBytes > 0) return;
    }
    const message = { header: this.#header, bytes: this.#target };
    this.#header = undefined;
    this.#expect(this.#prefix);
    yield message;
  }

  #expect(target: Uint8Array<ArrayBuffer>): void {
    this.#target = target;
    this.#filled = 0;
  }
}
