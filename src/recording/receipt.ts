/**
 * The receipt of a recording: what its file holds, and what is missing. JSON Lines, written beside the recording while
 * it grows, so that a program that is killed leaves all but the last line.
 *
 *     {"kind":"start","version":1,"program":"neuromorphic-drivers 0.1.0",…,"headerBytes":312}
 *     {"kind":"block","at":0,"bytes":262144,"hash":"8e2f…","polarityEvents":90211,"triggerEvents":0,"t":10422}
 *     {"kind":"gap","at":301056,"t":11840,"cause":"usb","droppedTransfers":2,"droppedBytes":262144,"timeJumpUs":0,"silenceUs":710}
 *     {"kind":"end","endedMs":1700000001000,"reason":"time","bytes":301056,…}
 *
 * Blocks lie at multiples of `blockBytes`, the RAW header counted; the last one may be shorter. A line is written after
 * the bytes that it tells of, on a busy machine long after them. So a file whose program was killed goes on behind its
 * last line; `repairReceipt` adds the missing ones.
 *
 * What was lost can't be found in the file. So it has a line of its own at once, with the same place and causes as its
 * gap, which follows when the blocks before it are counted:
 *
 *     {"kind":"loss","at":301056,"cause":"usb","droppedTransfers":2,"droppedBytes":262144,"silenceUs":710}
 */

import { recordingError } from "./errors.ts";

/** Bytes of a block. */
export const receiptBlockBytes = 262_144;

/** The version of these lines. */
export const receiptVersion = 1;

/** The camera, as far as it said what it is. */
export interface ReceiptCamera {
  /** Type of the camera, for example `"prophesee-evk4"`. */
  readonly type: string;
  /** What it calls itself. */
  readonly name: string;
  /** Serial in upper-case hexadecimal. */
  readonly serial: string;
  /** Release of its firmware; null where it did not say. */
  readonly firmware: string | null;
  /** Name of its sensor. */
  readonly sensor: string;
  /** The configuration in force when the recording began. Masks and other large values are told in short. */
  readonly configuration: unknown;
}

/** The first line: what is recorded. */
export interface ReceiptStart {
  /** Of this line. */
  readonly kind: "start";
  /** Of the receipt's form. */
  readonly version: 1;
  /** The program that wrote it, with its version. */
  readonly program: string;
  /** Host clock when the recording began: Unix time in ms. */
  readonly startedMs: number;
  /** What was recorded. */
  readonly camera: ReceiptCamera;
  /** Format of the words: `"evt3"`, `"evt2"`, `"evt21"`, `"evt21-legacy"`, `"evt4"`. */
  readonly format: string;
  /** Columns of the sensor. */
  readonly width: number;
  /** Rows of the sensor. */
  readonly height: number;
  /** How blocks are hashed. */
  readonly hash: "xxh64";
  /** Bytes of a block. */
  readonly blockBytes: number;
  /** Bytes of the file before its words. */
  readonly headerBytes: number;
  /** XXH64 of them: a receipt beside another file is none of it. Absent in receipts of earlier versions. */
  readonly headerHash?: string;
}

/** Some bytes of the file that are written. */
export interface ReceiptBlock {
  readonly kind: "block";
  /** Where the block begins in the file. */
  readonly at: number;
  /** Its bytes: those of a block, or fewer at the end of the file. */
  readonly bytes: number;
  /** XXH64 (seed 0) of its bytes, in 16 hexadecimal digits. */
  readonly hash: string;
  /** Polarity events of the words that end in this block. */
  readonly polarityEvents: number;
  /** Trigger events of the words that end in this block. */
  readonly triggerEvents: number;
  /** Sensor clock behind the block's last word in µs; null before the first time. */
  readonly t: number | null;
}

/**
 * Why data is missing: a transfer failed or the endpoint was halted ("usb"), disk or processor were too slow ("disk"),
 * the sensor's time jumps although nothing was lost on the way ("sensor"), or the sensor's clock has started again
 * ("clock").
 */
export type GapCause = "usb" | "disk" | "sensor" | "clock";

/** A place in the file where data is missing. */
export interface ReceiptGap {
  /** Of this line. */
  readonly kind: "gap";
  /** Offset in the file of the first byte after the gap. */
  readonly at: number;
  /** Sensor clock before it in µs; null before the first time. */
  readonly t: number | null;
  /** Why. */
  readonly cause: GapCause;
  /** USB transfers lost; 0 where the computer lost none. */
  readonly droppedTransfers: number;
  /**
   * Bytes lost; 0 where the computer lost none, and where the endpoint was halted, as what the camera could not send then
   * is not known. Words behind a loss that have no time, row or base are left out of the file, and are not counted here.
   */
  readonly droppedBytes: number;
  /** How much of the sensor's time is missing where it jumps, in µs. */
  readonly timeJumpUs: number;
  /**
   * How long after the bytes before the gap those after it were received, on the host's clock, in µs. Of two gaps at one
   * place, the first has it, and the second has 0.
   */
  readonly silenceUs: number;
}

/**
 * Why a recording ended: its time or size was reached ("time", "size"), its signal aborted ("signal"), `stop()` was
 * called ("stopped"), the device was closed or unplugged ("closed", "disconnected"), the disk was full ("no-space"), or
 * writing or USB failed ("io").
 */
export type RecordingEndReason =
  | "time"
  | "size"
  | "signal"
  | "closed"
  | "disconnected"
  | "no-space"
  | "io"
  | "stopped";

/** The last line: the sums. */
export interface ReceiptEnd {
  readonly kind: "end";
  /** Host clock when the recording ended: Unix time in ms. */
  readonly endedMs: number;
  /** Where the program was killed there is no end, until `repairReceipt` writes one: `"repaired"`. */
  readonly reason: RecordingEndReason | "repaired";
  /** Bytes of the file, its header included. */
  readonly bytes: number;
  readonly polarityEvents: number;
  readonly triggerEvents: number;
  /** Gaps with lines of their own. */
  readonly gaps: number;
  readonly droppedBytes: number;
  /** What the sensor's rate controller told last; null where it has told nothing. */
  readonly rateController: { readonly input: number; readonly output: number } | null;
}

/** A loss whose gap has no line yet: its time is not known. */
interface ReceiptLoss extends Omit<ReceiptGap, "kind" | "t" | "timeJumpUs"> {
  readonly kind: "loss";
}

/** One line of a receipt. */
export type ReceiptLine = ReceiptStart | ReceiptBlock | ReceiptGap | ReceiptEnd;

/** What a receipt says. */
export interface Receipt {
  readonly start: ReceiptStart;
  /** In the order of the file; each begins where the one before it ends. */
  readonly blocks: readonly ReceiptBlock[];
  /** In the order of the file. Those behind the last block may have no time. */
  readonly gaps: readonly ReceiptGap[];
  /** Undefined while it is recorded, and where the program was killed. */
  readonly end: ReceiptEnd | undefined;
  /** Bytes of the text that are whole lines: behind them stands a torn one, which counts as not written. */
  readonly wholeBytes: number;
}

/** The name of a recording's receipt. */
export function receiptPathOf(path: string): string {
  return `${path}.receipt.jsonl`;
}

/** A line as it stands in the file, with its line feed. */
export function formatReceiptLine(line: ReceiptLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads a receipt. A torn last line is left out: one without a line feed, or one that a full disk or a crash left unfit.
 *
 * @throws {NeuromorphicError} "damaged" with the offset of the line, for anything else that is no receipt.
 */
export function parseReceipt(bytes: Uint8Array, path: string): Receipt {
  const blocks: ReceiptBlock[] = [];
  const gaps: ReceiptGap[] = [];
  const losses: ReceiptLoss[] = [];
  let start: ReceiptStart | undefined;
  let end: ReceiptEnd | undefined;
  let wholeBytes = 0;
  for (const { at, next, isLast } of linesOf(bytes)) {
    const line = lineOf(bytes.subarray(at, next));
    if (line === undefined && isLast && start !== undefined) break;
    const wrong = (what: string) => recordingError("damaged", what, { operation: "read receipt", path, offset: at });
    if (line === undefined) throw wrong("no line of a receipt");
    if ((line.kind === "start") !== (start === undefined)) throw wrong("a receipt has one start line, its first");
    if (end !== undefined) throw wrong("a line behind the end line");
    if (line.kind === "start") start = line;
    else if (line.kind === "end") end = line;
    else if (line.kind === "gap") gaps.push(line);
    else if (line.kind === "loss") losses.push(line);
    else {
      const { blockBytes } = start!;
      if (line.at !== blocks.length * blockBytes) throw wrong("a block is missing before this one");
      if (line.bytes > blockBytes) throw wrong("a block with more bytes than blocks have");
      if ((blocks.at(-1)?.bytes ?? blockBytes) < blockBytes) throw wrong("the block before this one ends too early");
      blocks.push(line);
    }
    wholeBytes = next;
  }
  if (start === undefined) {
    throw recordingError("damaged", "a receipt without its first line", { operation: "read receipt", path, offset: 0 });
  }
  gaps.push(...withoutGap(losses, gaps).map((loss) => ({ ...loss, kind: "gap" as const, t: null, timeJumpUs: 0 })));
  return { start, blocks, gaps, end, wholeBytes };
}

/** The losses that have no gap yet. They stand in the order of their gaps. */
export function withoutGap<Loss>(
  losses: readonly Loss[],
  gaps: readonly Pick<ReceiptGap, "droppedTransfers">[],
): Loss[] {
  return losses.slice(gaps.filter(({ droppedTransfers }) => droppedTransfers > 0).length);
}

/** Where each line that has a line feed begins, and where the next one does. */
function* linesOf(bytes: Uint8Array): Generator<{ at: number; next: number; isLast: boolean }> {
  const lineFeed = 0x0a;
  for (let at = 0;;) {
    const next = bytes.indexOf(lineFeed, at) + 1;
    if (next === 0) return;
    yield { at, next, isLast: bytes.indexOf(lineFeed, next) < 0 };
    at = next;
  }
}

/** Undefined where it is none. */
function lineOf(bytes: Uint8Array): ReceiptLine | ReceiptLoss | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const line = value as Record<string, unknown>;
  const fields = fieldsOf[String(line.kind)];
  if (fields === undefined || !Object.hasOwn(fieldsOf, String(line.kind))) return undefined;
  return Object.entries(fields).every(([name, fits]) => fits(line[name]))
    ? value as ReceiptLine | ReceiptLoss
    : undefined;
}

type Fits = (value: unknown) => boolean;

const count: Fits = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const time: Fits = (value) => value === null || (typeof value === "number" && Number.isFinite(value));
const string: Fits = (value) => typeof value === "string";
const object: Fits = (value) => typeof value === "object" && value !== null;
const one = (...values: readonly unknown[]): Fits => (value) => values.includes(value);
const hash: Fits = (value) => typeof value === "string" && /^[0-9a-f]{16}$/.test(value);

/** What each kind of line must have. Others may have more, in later versions. */
const fieldsOf: Readonly<Record<string, Readonly<Record<string, Fits>>>> = {
  start: {
    version: one(receiptVersion),
    program: string,
    startedMs: time,
    camera: object,
    format: string,
    width: count,
    height: count,
    hash: one("xxh64"),
    blockBytes: (value) => count(value) && value !== 0,
    headerBytes: count,
    headerHash: (value) => value === undefined || hash(value),
  },
  block: {
    at: count,
    bytes: count,
    hash,
    polarityEvents: count,
    triggerEvents: count,
    t: time,
  },
  gap: {
    at: count,
    t: time,
    cause: one("usb", "disk", "sensor", "clock"),
    droppedTransfers: count,
    droppedBytes: count,
    timeJumpUs: count,
    silenceUs: count,
  },
  loss: {
    at: count,
    cause: one("usb", "disk"),
    droppedTransfers: count,
    droppedBytes: count,
    silenceUs: count,
  },
  end: {
    endedMs: time,
    reason: one("time", "size", "signal", "closed", "disconnected", "no-space", "io", "stopped", "repaired"),
    bytes: count,
    polarityEvents: count,
    triggerEvents: count,
    gaps: count,
    droppedBytes: count,
    rateController: (value) => value === null || object(value),
  },
};
