/** What was left out of the stream to a page, by the server or by the page: it is lost, and its decoder must know where. */

import { noGap, type Status } from "../packets/status.ts";
import type { Skipped } from "./wire.ts";

const nothing: Skipped = Object.freeze({ rawPackets: 0, bytes: 0 });

/** Counts what is left out between two messages. */
export class LeftOut {
  /** Of the messages left out: what they had, and what had been lost before them. */
  #skipped = nothing;
  #lost = nothing;
  /** The last status that was left out. */
  #last: Status | undefined;
  /** Of the last bytes that were not left out. */
  #receivedMs: number | undefined;

  /** What was left out since the last {@link put}. */
  get skipped(): Skipped {
    return this.#skipped;
  }

  /** Whether there is a loss to be told. */
  get isSomething(): boolean {
    const [skipped, lost] = [this.#skipped, this.#lost];
    return skipped.rawPackets + skipped.bytes + lost.rawPackets + lost.bytes > 0;
  }

  /** Leaves a message out. */
  add(status: Status): void {
    const { rawPackets, bytes, droppedTransfers, droppedBytes } = status;
    this.#last = status;
    this.#skipped = { rawPackets: this.#skipped.rawPackets + rawPackets, bytes: this.#skipped.bytes + bytes };
    this.#lost = {
      rawPackets: this.#lost.rawPackets + droppedTransfers,
      bytes: this.#lost.bytes + droppedBytes,
    };
  }

  /** The status of the next message: what was left out before counts as dropped, in a gap before its first byte. */
  put(status: Status): Status {
    const lastMs = this.#receivedMs;
    if (status.bytes > 0) this.#receivedMs = status.receivedMs;
    if (!this.isSomething) return status;
    const transfers = this.#skipped.rawPackets + this.#lost.rawPackets;
    const bytes = this.#skipped.bytes + this.#lost.bytes;
    [this.#skipped, this.#lost] = [nothing, nothing];
    const [atStart, later] = [true, false].map((is) => status.gaps.filter(({ byteIndex }) => (byteIndex === 0) === is));
    const first = {
      ...noGap,
      droppedTransfers: atStart!.reduce((sum, { droppedTransfers }) => sum + droppedTransfers, transfers),
      droppedBytes: atStart!.reduce((sum, { droppedBytes }) => sum + droppedBytes, bytes),
      silenceUs: Math.max(0, 1000 * (status.receivedMs - (lastMs ?? status.receivedMs))),
    };
    return {
      ...status,
      droppedTransfers: status.droppedTransfers + transfers,
      droppedBytes: status.droppedBytes + bytes,
      gaps: [first, ...later!],
    };
  }

  /** At the end: a status without bytes for what was left out since the last message; undefined where that is nothing. */
  putRest(): Status | undefined {
    if (!this.isSomething) return undefined;
    return this.put({ ...this.#last!, rawPackets: 0, bytes: 0, droppedTransfers: 0, droppedBytes: 0, gaps: [] });
  }
}
