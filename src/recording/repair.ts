/** A receipt from the file itself, where the recording's program was killed or wrote none. */

import type { EventFormat } from "../decoder/decoder.ts";
import { loadLibrary } from "../native/library.ts";
import { version } from "../version.ts";
import type { Account } from "./account.ts";
import { recordingError } from "./errors.ts";
import { checkFileName, loadFiles } from "./files.ts";
import { encodingOf, fieldOf, isLegacy, type RawEncoding } from "./formats/raw/encoding.ts";
import { parseRawHeader } from "./formats/raw/header.ts";
import { openRecording } from "./open_recording.ts";
import {
  formatReceiptLine,
  type Receipt,
  type ReceiptBlock,
  receiptBlockBytes,
  type ReceiptEnd,
  type ReceiptGap,
  type ReceiptLine,
  receiptPathOf,
  type ReceiptStart,
  receiptVersion,
} from "./receipt.ts";
import { wordBytes } from "./raw_header_text.ts";
import type { ByteSource } from "./source.ts";
import { checkVerifyOptions, findDamage, receiptBeside, type VerifyOptions } from "./verify.ts";
import { xxh64 } from "./xxh64.ts";

/** What {@link repairReceipt} did. */
export interface Repair {
  /** The recording. */
  readonly path: string;
  /** Bytes of the file that the receipt did not tell of, and does now; 0 where it was whole. */
  readonly addedBytes: number;
  /** Polarity events in them. */
  readonly addedPolarityEvents: number;
  /** Bytes that the receipt told of, and the file has not: the system had not written them when it stopped. */
  readonly lostBytes: number;
}

/** A receipt that is to be completed. */
interface Unfinished {
  readonly start: ReceiptStart;
  readonly blocks: readonly ReceiptBlock[];
  readonly gaps: readonly Gap[];
}

/** One whose time decoding may find. */
type Gap = Omit<ReceiptGap, "t"> & { t: number | null };

/**
 * Completes the receipt of a recording whose program was killed: it tells of the bytes that were written after its last
 * line, of jumps of the sensor's clock in them, and gets an end. Where there is none beside the file, one is made; then
 * nothing but the file itself vouches for what was recorded. A receipt that has its end and agrees with the file's size
 * stays as it is.
 *
 * The new receipt takes the place of the old one as a whole. The file itself is never changed.
 *
 * @throws {TypeError | RangeError} for what is no path and no `file:` URL, and for a wrong option.
 * @throws {NeuromorphicError} "damaged" where bytes of the file are others than those recorded, or follow a receipt with an
 *   end: a new receipt would hide it; "busy" while it is recorded; "unsupported" for what is no RAW file;
 *   "file-not-found", "permission-denied", "no-space", "io".
 * @throws the signal's reason.
 *
 * @example
 * ```ts
 * import { mkdtemp, rm, truncate } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { open, record, repairReceipt, verifyRecording } from "@neuromorphic/drivers";
 *
 * const folder = await mkdtemp(join(tmpdir(), "recording-"));
 * const path = join(folder, "events.raw");
 * await using device = await open({ libusb: "virtual" });
 * const { bytes } = await record(device, path, { seconds: 0.1 });
 * await truncate(path, bytes - 100); // as where the machine lost power
 * console.log((await verifyRecording(path)).verdict); // "shorter"
 * const { lostBytes } = await repairReceipt(path);
 * console.log(lostBytes, (await verifyRecording(path)).verdict); // 100 "complete"
 * await rm(folder, { recursive: true });
 * ```
 */
export async function repairReceipt(path: string | URL, given: VerifyOptions = {}): Promise<Repair> {
  const options = checkVerifyOptions("repairReceipt", given);
  const file = checkFileName(path, "path");
  const { openFiles, isRecording } = await loadFiles("repair receipt", file);
  const { main: source } = await openFiles(file);
  const { name } = source;
  try {
    if (await isRecording(receiptPathOf(name))) {
      const what = "is still recorded: its receipt is complete when the recording ends";
      throw recordingError("busy", what, { operation: "repair receipt", path: name });
    }
    const receipt = await receiptBeside(name);
    if (receipt !== undefined) await refuseDamage(source, receipt, options);
    const { end } = receipt ?? {};
    const nothing: Repair = { path: name, addedBytes: 0, addedPolarityEvents: 0, lostBytes: 0 };
    if (end?.bytes === source.size) return nothing;
    return await complete(source, receipt ?? { start: await startOf(source), blocks: [], gaps: [] }, options);
  } finally {
    await source.close();
  }
}

async function refuseDamage(source: ByteSource, receipt: Receipt, { signal }: VerifyOptions): Promise<void> {
  const { name: path, size } = source;
  const operation = "repair receipt";
  const [damage] = await findDamage(source, receipt, { signal });
  if (damage !== undefined) {
    const what = "is damaged, which a new receipt would hide";
    throw recordingError("damaged", what, { operation, path, offset: damage.from });
  }
  if (receipt.end !== undefined && receipt.end.bytes < size!) {
    const what = "its receipt is complete, and the file goes on after it";
    throw recordingError("damaged", what, { operation, path, offset: receipt.end.bytes });
  }
}

/** Keeps the blocks that the file has, and adds the others. */
async function complete(source: ByteSource, receipt: Unfinished, options: VerifyOptions): Promise<Repair> {
  const { name: path, size } = source;
  const { start } = receipt;
  const kept = receipt.blocks.filter(({ at, bytes }) => {
    const isWhole = bytes === start.blockBytes || at + bytes === size!;
    return isWhole && at + bytes <= size!;
  });
  const gaps: Gap[] = receipt.gaps.filter(({ at }) => at <= size!).map((gap) => ({ ...gap }));
  const found = await accountOf(source, { start, gaps }, options);
  const added = found.blocks.slice(kept.length);
  const blocks = [...kept, ...added];
  gaps.push(...jumpsBehind(kept, found.jumps, gaps));
  const sum = (of: "polarityEvents" | "triggerEvents" | "bytes", list = blocks) =>
    list.reduce((total, block) => total + block[of], 0);
  const end: ReceiptEnd = {
    kind: "end",
    endedMs: source.modifiedMs ?? start.startedMs,
    reason: "repaired",
    bytes: sum("bytes"),
    polarityEvents: sum("polarityEvents"),
    triggerEvents: sum("triggerEvents"),
    gaps: gaps.length,
    droppedBytes: gaps.reduce((total, { droppedBytes }) => total + droppedBytes, 0),
    rateController: null,
  };
  await writeReceipt(path, [start, ...inOrder(blocks, gaps), end]);
  const told = receipt.blocks.reduce((total, { bytes }) => total + bytes, 0);
  return {
    path,
    addedBytes: Math.max(0, size! - told),
    addedPolarityEvents: sum("polarityEvents", added),
    lostBytes: Math.max(0, told - size!),
  };
}

/** Blocks and gaps by their place; a gap comes before the block in which the bytes after it lie. */
function inOrder(blocks: readonly ReceiptBlock[], gaps: readonly ReceiptGap[]): ReceiptLine[] {
  return [...gaps, ...blocks].sort((one, other) => lineEnd(one) - lineEnd(other));
}

function lineEnd(line: ReceiptBlock | ReceiptGap): number {
  return line.kind === "gap" ? line.at : line.at + line.bytes;
}

/** The jumps that no line tells of: those in the blocks that had none, but for those whose own line was there. */
function jumpsBehind(kept: readonly ReceiptBlock[], jumps: readonly ReceiptGap[], gaps: readonly Gap[]): ReceiptGap[] {
  const counted = kept.reduce((total, { bytes }) => total + bytes, 0);
  const known = new Set(gaps.filter(isJump).map(({ at }) => at));
  return jumps.filter(({ at }) => at > counted && !known.has(at));
}

function isJump({ droppedTransfers }: Pick<Gap, "droppedTransfers">): boolean {
  return droppedTransfers === 0;
}

/** What a file tells when it is decoded, from its beginning on, because times depend on that. */
interface Found {
  readonly blocks: readonly ReceiptBlock[];
  readonly jumps: readonly ReceiptGap[];
}

/** Decodes the whole file. Losses that were not counted yet get their times. */
async function accountOf(
  source: ByteSource,
  { start, gaps }: Pick<Unfinished, "start" | "gaps">,
  { signal, onProgress }: VerifyOptions,
): Promise<Found> {
  const { headerBytes, width, height } = start;
  const size = source.size!;
  const blockBytes = Math.min(start.blockBytes, Math.max(1, size));
  const library = await loadLibrary();
  const { NativeDecoder } = await import("../decoder/native_decoder.ts");
  const decoder = new NativeDecoder(library, { format: formatOf(start, source.name), width, height });
  const blocks: ReceiptBlock[] = [];
  const jumps: ReceiptGap[] = [];
  const { Account } = await import("./account.ts");
  const account = new Account(library, decoder, (line) => {
    if (line.kind === "block") blocks.push(line);
    if (line.kind === "gap" && isJump(line)) jumps.push(line);
  }, blockBytes);
  try {
    for (let at = 0; at < size; at += blockBytes) {
      signal?.throwIfAborted();
      const bytes = await source.read(at, blockBytes);
      addWithLosses(account, bytes, { at, headerBytes, gaps });
      onProgress?.({ bytes: at + bytes.length, totalBytes: size });
    }
    account.finish({ reason: "repaired", endedMs: 0 });
    return { blocks, jumps };
  } finally {
    account.close();
  }
}

function formatOf({ format }: ReceiptStart, path: string): EventFormat {
  if (Object.hasOwn(wordBytes, format)) return format as EventFormat;
  const what = `its receipt is of a format that this version does not know: ${format}`;
  throw recordingError("unsupported", what, { operation: "repair receipt", path });
}

interface Place {
  readonly at: number;
  readonly headerBytes: number;
  readonly gaps: readonly Gap[];
}

/** Adds bytes, and the losses between them: where transfers were lost or the endpoint was halted. */
function addWithLosses(account: Account, bytes: Uint8Array, { at, headerBytes, gaps }: Place): void {
  let begin = Math.max(0, Math.min(bytes.length, headerBytes - at));
  account.addHeader(bytes.subarray(0, begin));
  for (const gap of gaps) {
    if (isJump(gap) || gap.at < at + begin || gap.at >= at + bytes.length) continue;
    account.add(bytes.subarray(begin, gap.at - at));
    gap.t ??= account.currentTime ?? null;
    account.lose(gap.silenceUs);
    account.addMissing(gap);
    begin = gap.at - at;
  }
  account.add(bytes.subarray(begin));
}

/** What the file says of itself, in place of a first line. */
async function startOf(source: ByteSource): Promise<ReceiptStart> {
  const operation = { operation: "repair receipt", path: source.name };
  const recording = await openRecording(source.name);
  const { geometry, header } = recording;
  await recording.close();
  const facts = encodingOf(header);
  const format = facts?.encoding === undefined
    ? undefined
    : eventFormatOf(facts.encoding, () => isLegacy(header, facts));
  if (format === undefined) throw recordingError("unsupported", "only RAW files have receipts", operation);
  if (geometry === undefined) {
    throw recordingError("unsupported", "its header does not tell the sensor's size", operation);
  }
  const startedMs = Date.parse(fieldOf(header, "date") ?? "");
  const { byteLength: headerBytes } = parseRawHeader(await source.read(0, longestHeader), true);
  return {
    kind: "start",
    version: receiptVersion,
    program: `neuromorphic-drivers ${version}`,
    startedMs: Number.isNaN(startedMs) ? source.modifiedMs ?? 0 : startedMs,
    camera: {
      type: "",
      name: "",
      serial: (fieldOf(header, "serial_number") ?? "").toUpperCase(),
      firmware: fieldOf(header, "firmware_version") ?? null,
      sensor: fieldOf(header, "sensor_name") ?? "",
      configuration: null,
    },
    format,
    width: geometry.width,
    height: geometry.height,
    hash: "xxh64",
    blockBytes: receiptBlockBytes,
    headerBytes,
    headerHash: xxh64(await source.read(0, headerBytes)),
  };
}

/** The longest header that is read as one. */
const longestHeader = 1 << 16;

function eventFormatOf(encoding: RawEncoding, legacy: () => boolean): EventFormat {
  const formats = { EVT2: "evt2", EVT3: "evt3", EVT21: legacy() ? "evt21-legacy" : "evt21", EVT4: "evt4" } as const;
  return formats[encoding];
}

async function writeReceipt(path: string, lines: readonly ReceiptLine[]): Promise<void> {
  const { openFileSink } = await loadFiles("repair receipt", path);
  const { main } = await openFileSink(receiptPathOf(path), { force: true });
  try {
    await main.write(new TextEncoder().encode(lines.map(formatReceiptLine).join("")));
    await main.close();
  } catch (error) {
    await main.abort();
    throw error;
  }
}
