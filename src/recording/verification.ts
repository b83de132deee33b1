/** What a check of a recording finds, and how it is told. */

import type { ReceiptGap, ReceiptStart, RecordingEndReason } from "./receipt.ts";

/**
 * What a check found. The first of these that is true:
 *
 * | verdict        | meaning                                                                                    |
 * | -------------- | ------------------------------------------------------------------------------------------ |
 * | `"no-receipt"` | there is no receipt beside the file: nothing can be said                                   |
 * | `"damaged"`    | bytes are not those that were recorded                                                     |
 * | `"shorter"`    | the file ends before its receipt does                                                      |
 * | `"longer"`     | the file goes on after its receipt, as where the recording's program was killed            |
 * | `"unfinished"` | the receipt has no end: it is still recorded, or the program was killed                    |
 * | `"gaps"`       | each byte is as it was recorded, and {@link Verification.gaps} says what is missing where  |
 * | `"complete"`   | each byte is as it was recorded, and nothing is missing                                    |
 */
export type RecordingVerdict = "no-receipt" | "damaged" | "shorter" | "longer" | "unfinished" | "gaps" | "complete";

/** Bytes of a file, the first and the one behind the last. */
export interface ByteRange {
  /** Offset of the first one. */
  readonly from: number;
  /** Offset behind the last one. */
  readonly to: number;
}

/** What {@link verifyRecording} found. */
export interface Verification {
  /** The file. */
  readonly path: string;
  /** What it is. */
  readonly verdict: RecordingVerdict;
  /** The same in a sentence for people, without the path. */
  readonly message: string;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Bytes that the receipt tells of, from the beginning of the file. */
  readonly receiptBytes: number;
  /** Where the bytes are others than those recorded: blocks of 256 KiB, neighbours joined. */
  readonly damage: readonly ByteRange[];
  /** What is missing where, in the order of the file. */
  readonly gaps: readonly ReceiptGap[];
  /** Polarity events that the receipt tells of. */
  readonly polarityEvents: number;
  /** Triggers that the receipt tells of. */
  readonly triggerEvents: number;
  /** What the receipt says of program, camera and format; undefined without a receipt. */
  readonly start: ReceiptStart | undefined;
  /** Why the recording ended, `"repaired"` where `repairReceipt` wrote the end; undefined where there is none. */
  readonly endReason: RecordingEndReason | "repaired" | undefined;
}

/** What a check found, in a sentence. */
export function verificationMessage(
  found: Pick<Verification, "verdict" | "bytes" | "receiptBytes" | "damage" | "gaps">,
): string {
  const { verdict, bytes, receiptBytes, damage } = found;
  switch (verdict) {
    case "no-receipt":
      return "there is no receipt beside the file";
    case "damaged":
      return `damaged ${damage.map(({ from, to }) => `between bytes ${from} and ${to}`).join(", ")}`;
    case "shorter":
      return `the file ends at byte ${bytes}; its receipt goes on to byte ${receiptBytes}`;
    case "longer":
      return `the file goes on after its receipt, from byte ${receiptBytes} to ${bytes}`;
    case "unfinished":
      return "the receipt has no end: the recording still runs, or its program was killed";
    case "gaps":
      return `intact, with ${found.gaps.length === 1 ? "one gap" : `${found.gaps.length} gaps`}`;
    case "complete":
      return "complete: each byte is as it was recorded, and nothing is missing";
  }
}

const causes: Readonly<Record<ReceiptGap["cause"], string>> = {
  usb: "lost between camera and computer",
  disk: "lost before the disk",
  sensor: "lost in the camera",
  clock: "the sensor's clock has started again",
};

/** A gap for people: `at 1.250000 s (byte 262144): 131072 bytes lost before the disk`. */
export function gapMessage({ at, t, cause, droppedBytes, timeJumpUs }: ReceiptGap): string {
  const time = t === null ? "before the first time" : `at ${(t / 1e6).toFixed(6)} s`;
  const amount = droppedBytes > 0 ? `${droppedBytes} bytes ` : timeJumpUs > 0 ? `${timeJumpUs} µs ` : "";
  return `${time} (byte ${at}): ${amount}${causes[cause]}`;
}
