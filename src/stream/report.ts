import { DecodingReport } from "../decoder/decoding_report.ts";
import { blockIndex, blockLength, endReasons } from "../native/library.ts";
import { kindIndex } from "../packets/kinds.ts";
import type { Gap, Status } from "../packets/status.ts";

/** Why a stream ended. */
export type EndReason = (typeof endReasons)[number];

const index = blockIndex("report");
const gapIndex = blockIndex("gap");
const gapLength = blockLength("gap");

/** What native calls report of a batch, read by name. */
export class Report extends DecodingReport {
  get bytes(): number {
    return this.block[index.bytes]!;
  }

  get backlog(): number {
    return this.block[index.backlog]!;
  }

  get delayMs(): number {
    return this.block[index.delay_ms]!;
  }

  get droppedTransfers(): number {
    return this.block[index.dropped_transfers]!;
  }

  /** What no camera that works sends. */
  get faults(): Pick<Status, "outOfSensor" | "timeDiscontinuities"> {
    return {
      outOfSensor: this.block[index.out_of_sensor]!,
      timeDiscontinuities: this.block[index.time_discontinuities]!,
    };
  }

  get endReason(): EndReason {
    return endReasons[this.block[index.end_reason]!]!;
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
      outOfSensor: block[index.out_of_sensor]!,
      timeDiscontinuities: block[index.time_discontinuities]!,
      rateController: this.rateController,
      droppedTransfers: block[index.dropped_transfers]!,
      droppedBytes: block[index.dropped_bytes]!,
      missingTransfers: block[index.transfers_missing]!,
      gaps: this.gaps,
    };
  }

  /** Where data is missing. */
  get gaps(): readonly Gap[] {
    const count = this.block[index.gaps]!;
    if (count === 0) return noGaps;
    return Array.from({ length: count }, (_, entry) => {
      const at = index.gap + entry * gapLength;
      return {
        polarityEventIndex: this.block[at + gapIndex.index + kindIndex.polarity]!,
        triggerEventIndex: this.block[at + gapIndex.index + kindIndex.trigger]!,
        imuEventIndex: this.block[at + gapIndex.index + kindIndex.imu]!,
        frameIndex: this.block[at + gapIndex.index + kindIndex.frame]!,
        byteIndex: this.block[at + gapIndex.byte_index]!,
        droppedTransfers: this.block[at + gapIndex.transfers]!,
        droppedBytes: this.block[at + gapIndex.bytes]!,
        silenceUs: this.block[at + gapIndex.silence_us]!,
        timeJumpUs: this.block[at + gapIndex.jump_us]!,
      };
    });
  }
}

const noGaps: readonly Gap[] = Object.freeze([]);
