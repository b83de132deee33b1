/** Whether a recording is what its receipt says. */

import { options as optionsOf } from "../checks.ts";
import { NeuromorphicError } from "../errors.ts";
import { recordingError } from "./errors.ts";
import { checkFileName, loadFiles } from "./files.ts";
import { anySignal, callback } from "./option_checks.ts";
import type { RecordingProgress } from "./progress.ts";
import { parseReceipt, type Receipt, receiptPathOf } from "./receipt.ts";
import { isStartOf } from "./receipt_beside.ts";
import type { ByteSource } from "./source.ts";
import { type ByteRange, type RecordingVerdict, type Verification, verificationMessage } from "./verification.ts";
import { xxh64 } from "./xxh64.ts";

/** Options of {@link verifyRecording} and {@link repairReceipt}. */
export interface VerifyOptions {
  /** Ends it: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is called after each block, a quarter of a megabyte. */
  readonly onProgress?: ((progress: RecordingProgress) => void) | undefined;
}

/**
 * Checks a recording against the receipt beside it, `<path>.receipt.jsonl`: its size, the hash of each block, and whether
 * the sums agree. It reads each byte of the file once.
 *
 * @throws {TypeError | RangeError} for what is no path and no `file:` URL, and for a wrong option.
 * @throws {NeuromorphicError} "file-not-found", "permission-denied", "io"; of the receipt, too, where it is there and
 *   cannot be read; "damaged" where the receipt itself is none.
 * @throws the signal's reason.
 *
 * @example
 * ```ts
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { open, record, verifyRecording } from "@neuromorphic/drivers";
 *
 * const folder = await mkdtemp(join(tmpdir(), "recording-"));
 * const path = join(folder, "events.raw");
 * await using device = await open({ libusb: "virtual" });
 * await record(device, path, { seconds: 0.1 });
 * const { verdict, message } = await verifyRecording(path);
 * console.log(verdict, message); // "complete" …
 * await rm(folder, { recursive: true });
 * ```
 */
export async function verifyRecording(path: string | URL, given: VerifyOptions = {}): Promise<Verification> {
  const options = checkVerifyOptions("verifyRecording", given);
  const file = checkFileName(path, "path");
  const { openFiles } = await loadFiles("verify recording", file);
  const { main } = await openFiles(file);
  try {
    const receipt = await receiptBeside(main.name);
    return receipt === undefined ? withoutReceipt(main) : await compare(main, receipt, options);
  } finally {
    await main.close();
  }
}

/** Checks the options of a function. */
export function checkVerifyOptions(functionName: string, given: unknown): VerifyOptions {
  return optionsOf<VerifyOptions>(functionName, { signal: anySignal, onProgress: callback() })(given);
}

/**
 * The receipt beside a recording; undefined where there is none. One that cannot be read is an error: a repair would put
 * another one in its place.
 */
export async function receiptBeside(path: string): Promise<Receipt | undefined> {
  const { openFiles } = await loadFiles("verify recording", path);
  try {
    return await readReceipt((await openFiles(receiptPathOf(path))).main);
  } catch (error) {
    if (error instanceof NeuromorphicError && error.code === "file-not-found") return undefined;
    throw error;
  }
}

/** Reads a receipt, and closes its source. */
async function readReceipt(source: ByteSource): Promise<Receipt> {
  try {
    const receipt = parseReceipt(await source.read(0, source.size ?? 0), source.name);
    checkSums(receipt, source.name);
    return receipt;
  } finally {
    await source.close();
  }
}

/** The end line has the sums of the lines before it: where it has others, one of them is wrong. */
function checkSums({ blocks, gaps, end }: Receipt, path: string): void {
  if (end === undefined) return;
  const { bytes, polarityEvents, triggerEvents } = sumOf(blocks);
  const agrees = end.bytes === bytes && end.polarityEvents === polarityEvents && end.triggerEvents === triggerEvents &&
    end.gaps === gaps.length;
  if (agrees) return;
  const operation = "read receipt";
  throw recordingError("damaged", "the sums of the receipt's end line are not those of its lines", { operation, path });
}

/** What some blocks have together. */
function sumOf(blocks: Receipt["blocks"]): { bytes: number; polarityEvents: number; triggerEvents: number } {
  const sum = { bytes: 0, polarityEvents: 0, triggerEvents: 0 };
  for (const { bytes, polarityEvents, triggerEvents } of blocks) {
    sum.bytes += bytes;
    sum.polarityEvents += polarityEvents;
    sum.triggerEvents += triggerEvents;
  }
  return sum;
}

function withoutReceipt({ name, size = 0 }: ByteSource): Verification {
  return {
    path: name,
    verdict: "no-receipt",
    message: verificationMessage({ verdict: "no-receipt", bytes: size, receiptBytes: 0, damage: [], gaps: [] }),
    bytes: size,
    receiptBytes: 0,
    damage: [],
    gaps: [],
    polarityEvents: 0,
    triggerEvents: 0,
    start: undefined,
    endReason: undefined,
  };
}

async function compare(source: ByteSource, receipt: Receipt, options: VerifyOptions): Promise<Verification> {
  const { start, gaps, end } = receipt;
  const damage = await findDamage(source, receipt, options);
  const { bytes: receiptBytes, polarityEvents, triggerEvents } = sumOf(receipt.blocks);
  const found = {
    path: source.name,
    bytes: source.size!,
    receiptBytes,
    damage,
    gaps,
    polarityEvents,
    triggerEvents,
    start,
    endReason: end?.reason,
  };
  const verdict = verdictOf(found);
  return { ...found, verdict, message: verificationMessage({ ...found, verdict }) };
}

function verdictOf(
  { bytes, receiptBytes, damage, gaps, endReason }: Omit<Verification, "verdict" | "message">,
): RecordingVerdict {
  if (damage.length > 0) return "damaged";
  if (bytes < receiptBytes) return "shorter";
  if (bytes > receiptBytes) return "longer";
  if (endReason === undefined) return "unfinished";
  return gaps.length > 0 ? "gaps" : "complete";
}

/** Compares the hash of each block that the file still has as a whole. */
export async function findDamage(
  source: ByteSource,
  { start, blocks }: Pick<Receipt, "start" | "blocks">,
  { signal, onProgress }: VerifyOptions,
): Promise<ByteRange[]> {
  const damage: { from: number; to: number }[] = [];
  // The header stands in the first block.
  if (blocks.length === 0 && !await isStartOf(start, source)) return [{ from: 0, to: start.headerBytes }];
  for (const { at, bytes, hash } of blocks) {
    signal?.throwIfAborted();
    const end = at + bytes;
    if (end > source.size!) break;
    const isIntact = xxh64(await source.read(at, bytes)) === hash;
    onProgress?.({ bytes: end, totalBytes: source.size });
    if (isIntact) continue;
    const last = damage.at(-1);
    if (last?.to === at) last.to = end;
    else damage.push({ from: at, to: end });
  }
  return damage;
}
