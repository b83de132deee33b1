import type { ServerResponse } from "node:http";
import type { Status } from "../../../mod.ts";
import { encodeHeader, type Skipped, type StreamHeader } from "../wire.ts";
import { writeHead } from "./replies.ts";

/** The most bytes that wait for a page: at 100 MB/s a sixth of a second. */
export const maximumWaitingBytes = 16 << 20;

/**
 * The stream of messages to one page. A page that does not take them in time loses data, which is counted; it never
 * delays the camera's loop or another page.
 */
export class PageStream {
  readonly #response: ServerResponse;
  /** Of what was not sent since the last message with data. */
  #skippedStatus: Status | undefined;
  #skipped: Skipped = nothingSkipped;
  #lastSentMs: number | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    writeHead(response, 200, { "content-type": "application/octet-stream" });
    response.flushHeaders();
  }

  /** Sends what the camera sent, or skips it. The bytes must stay as they are. */
  sendData(status: Status, bytes: Uint8Array): void {
    const merged = this.#skippedStatus === undefined ? status : mergeStatus(this.#skippedStatus, status);
    if (this.#response.writableLength > maximumWaitingBytes) {
      this.#skippedStatus = merged;
      const { rawPackets, bytes } = this.#skipped;
      this.#skipped = { rawPackets: rawPackets + status.rawPackets, bytes: bytes + status.bytes };
      return;
    }
    const header: StreamHeader = { kind: "data", status: this.#withSkipped(merged), skipped: this.#skipped };
    this.#skippedStatus = undefined;
    this.#skipped = nothingSkipped;
    this.#lastSentMs = status.receivedMs;
    this.#response.write(encodeHeader(header, bytes.length));
    if (bytes.length > 0) this.#response.write(bytes);
  }

  /** Sends what is small and rare. */
  send(header: Exclude<StreamHeader, { readonly kind: "data" }>): void {
    this.#response.write(encodeHeader(header));
  }

  /** Sends the last message. */
  end(header: Extract<StreamHeader, { readonly kind: "end" }>): void {
    this.#response.end(encodeHeader(header));
  }

  /** What was skipped is lost to the page, and its decoder must know where: before the first byte of the message. */
  #withSkipped(status: Status): Status {
    const { rawPackets, bytes } = this.#skipped;
    if (rawPackets === 0 && bytes === 0) return status;
    const { receivedMs } = status;
    const silenceUs = Math.max(0, 1000 * (receivedMs - (this.#lastSentMs ?? receivedMs)));
    const droppedTransfers = status.droppedTransfers + rawPackets;
    const droppedBytes = status.droppedBytes + bytes;
    const first: Status["gaps"][number] = {
      polarityEventIndex: 0,
      triggerEventIndex: 0,
      imuEventIndex: 0,
      frameIndex: 0,
      byteIndex: 0,
      droppedTransfers,
      droppedBytes,
      silenceUs,
      timeJumpUs: 0,
    };
    return {
      ...status,
      droppedTransfers,
      droppedBytes,
      gaps: [first, ...status.gaps.filter(({ byteIndex }) => byteIndex > 0)],
    };
  }
}

const nothingSkipped: Skipped = Object.freeze({ rawPackets: 0, bytes: 0 });

/** A status with the losses of those that were skipped before it. The places of their gaps are gone with their bytes. */
function mergeStatus(skipped: Status, status: Status): Status {
  return {
    ...status,
    droppedTransfers: skipped.droppedTransfers + status.droppedTransfers,
    droppedBytes: skipped.droppedBytes + status.droppedBytes,
  };
}
