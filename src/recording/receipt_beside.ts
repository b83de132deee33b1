import { receiptPathOf, type ReceiptStart } from "./receipt.ts";
import type { RecordedCamera } from "./recording.ts";
import type { ByteSource, SourceFiles } from "./source.ts";
import { xxh64 } from "./xxh64.ts";

/** More bytes than the first line of a receipt has. */
const longestLine = 1 << 16;

/** A receipt beside a recording, and its first line as far as that could be read. */
export interface ReceiptBeside {
  readonly receipt: ByteSource;
  readonly start: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Opens the receipt beside a recording; undefined where there is none, and where it is the receipt of another file. The
 * caller closes it.
 */
export async function openReceiptBeside(files: SourceFiles): Promise<ReceiptBeside | undefined> {
  const receipt = await files.sibling(receiptPathOf);
  if (receipt === undefined) return undefined;
  const start = await readStart(receipt);
  const { headerBytes, headerHash } = start ?? {};
  if (typeof headerBytes !== "number" || typeof headerHash !== "string") return { receipt, start };
  if (await isStartOf({ headerBytes, headerHash }, files.main)) return { receipt, start };
  await receipt.close();
  return undefined;
}

async function readStart(receipt: ByteSource): Promise<ReceiptBeside["start"]> {
  try {
    const text = new TextDecoder().decode(await receipt.read(0, longestLine));
    const start = JSON.parse(text.slice(0, text.indexOf("\n")));
    return start?.kind === "start" ? start : undefined;
  } catch {
    return undefined;
  }
}

/** The camera by the receipt beside a recording; undefined where there is none of it that can be read. */
export async function cameraOf(files: SourceFiles): Promise<RecordedCamera | undefined> {
  const found = await openReceiptBeside(files);
  await found?.receipt.close();
  const camera = found?.start?.camera;
  return typeof camera === "object" && camera !== null ? Object.freeze(camera as RecordedCamera) : undefined;
}

/** Whether a file has the header that a receipt was written for. Receipts of earlier versions do not tell. */
export async function isStartOf(
  { headerBytes, headerHash }: Pick<ReceiptStart, "headerBytes" | "headerHash">,
  file: ByteSource,
): Promise<boolean> {
  return headerHash === undefined || xxh64(await file.read(0, headerBytes)) === headerHash;
}
