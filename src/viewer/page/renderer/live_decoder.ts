import type { Decoder } from "../../../decoder/decoder.ts";
import type { Status } from "../../../packets/status.ts";

/** Bytes of a live source as they came: what a loop in raw mode gives. They belong to their holder. */
export interface RawItem {
  readonly status: Status;
  readonly packet: Uint8Array<ArrayBuffer>;
}

/** Gets bytes between which nothing is missing, and the decoder that takes all of them. */
export type TakeBytes = (bytes: Uint8Array, decoder: Decoder) => void;

/** Follows the bytes of a live source with a decoder, which is told where bytes were lost. */
export class LiveDecoder {
  readonly #decoder: Decoder;
  #faults = { outOfSensor: 0, timeDiscontinuities: 0 };

  /** The packets of a decoder with `reuseBuffers` are valid until the next one. */
  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /**
   * Gives an item's bytes to `take`, in parts where some are missing in between. Returns the item's status with what the
   * decoder has found: the sensor's time, its faults, and of the gaps those where data is missing.
   */
  read({ status, packet }: RawItem, take: TakeBytes): Status {
    let start = 0;
    const takeUntil = (end: number) => {
      if (end > start) take(packet.subarray(start, end), this.#decoder);
      start = end;
    };
    for (const { byteIndex, droppedTransfers, silenceUs } of status.gaps) {
      takeUntil(byteIndex);
      if (droppedTransfers > 0) this.#decoder.gap(silenceUs);
      else this.#decoder.pause(silenceUs);
    }
    takeUntil(packet.length);
    const consumedMs = Date.now();
    return {
      ...status,
      consumedMs,
      delayMs: Math.max(0, consumedMs - status.receivedMs),
      currentTime: this.#decoder.currentTime,
      ...this.#newFaults(),
      gaps: status.gaps.filter(({ droppedTransfers }) => droppedTransfers > 0),
    };
  }

  /** What the decoder has found since the last item. */
  #newFaults(): { readonly outOfSensor: number; readonly timeDiscontinuities: number } {
    const before = this.#faults;
    const { outOfSensor, timeDiscontinuities } = this.#decoder.statistics;
    this.#faults = { outOfSensor, timeDiscontinuities };
    return {
      outOfSensor: outOfSensor - before.outOfSensor,
      timeDiscontinuities: timeDiscontinuities - before.timeDiscontinuities,
    };
  }
}
