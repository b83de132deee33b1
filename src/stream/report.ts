import { blockIndex, blockLength, endReasons } from "../native/native.ts";
import type { Gap, Status } from "../packets/status.ts";

/** Why a stream ended. */
export type EndReason = (typeof endReasons)[number];

const index = blockIndex("report");
const gapIndex = blockIndex("gap");
const gapLength = blockLength("gap");

/** What native calls report of a batch, read by name. */
export class Report {
  /** The block that native calls fill. */
  readonly block: Float64Array<ArrayBuffer> = new Float64Array(blockLength("report"));

  get events(): number {
    return this.block[index.events]!;
  }

  get triggers(): number {
    return this.block[index.triggers]!;
  }

  get bytes(): number {
    return this.block[index.bytes]!;
  }

  get backlog(): number {
    return this.block[index.backlog]!;
  }

  get droppedTransfers(): number {
    return this.block[index.dropped_transfers]!;
  }

  get endReason(): EndReason {
    return endReasons[this.block[index.end_reason]!]!;
  }

  get currentTime(): number | undefined {
    const time = this.block[index.current_time]!;
    return Number.isNaN(time) ? undefined : time;
  }

  /** A status of its own, which later calls leave as it is. */
  status(): Status {
    const { block } = this;
    return {
      receivedMs: block[index.received_ms]!,
      consumedMs: block[index.consumed_ms]!,
      delayMs: block[index.delay_ms]!,
      backlog: block[index.backlog]!,
      rawPackets: block[index.raw_packets]!,
      bytes: block[index.bytes]!,
      currentTime: this.currentTime,
      droppedTransfers: block[index.dropped_transfers]!,
      droppedBytes: block[index.dropped_bytes]!,
      missingTransfers: block[index.transfers_missing]!,
      gaps: this.#gaps(),
    };
  }

  #gaps(): readonly Gap[] {
    const count = this.block[index.gaps]!;
    if (count === 0) return noGaps;
    return Array.from({ length: count }, (_, entry) => {
      const at = index.gap + entry * gapLength;
      return {
        polarityEventIndex: this.block[at + gapIndex.event_index]!,
        triggerEventIndex: this.block[at + gapIndex.trigger_index]!,
        byteIndex: this.block[at + gapIndex.byte_index]!,
        droppedTransfers: this.block[at + gapIndex.transfers]!,
        droppedBytes: this.block[at + gapIndex.bytes]!,
      };
    });
  }
}

const noGaps: readonly Gap[] = Object.freeze([]);
