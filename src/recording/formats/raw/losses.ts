import type { SourceFiles } from "../../source.ts";

/** A place in a file before which bytes are missing, by its receipt. */
export interface Loss {
  /** Offset in the file of the first byte after it. */
  readonly at: number;
  readonly droppedTransfers: number;
  readonly droppedBytes: number;
  /** How long after the bytes before it those after it were received, in µs. */
  readonly silenceUs: number;
}

/**
 * What the receipt beside a file says of bytes that were lost in the computer, in order. Where the sensor itself lost
 * events, its time tells.
 */
export async function lossesOf(files: SourceFiles): Promise<readonly Loss[]> {
  const receipt = await files.sibling((fileName) => `${fileName}.receipt.jsonl`);
  if (receipt === undefined) return [];
  try {
    const text = new TextDecoder().decode(await receipt.read(0, receipt.size ?? 0));
    const lines = text.split("\n").filter((line) => line.includes('"gap"'));
    return lines.flatMap(lossIn).sort((left, right) => left.at - right.at);
  } catch {
    return []; // not readable
  } finally {
    await receipt.close();
  }
}

/** None where a line is no such gap, or was torn when its program was killed. */
function lossIn(line: string): Loss[] {
  try {
    const { kind, at, droppedTransfers, droppedBytes, silenceUs } = JSON.parse(line);
    const areNumbers = [at, droppedTransfers, droppedBytes, silenceUs].every((value) => value >= 0 && value < 2 ** 53);
    return kind === "gap" && areNumbers && droppedTransfers > 0
      ? [{ at, droppedTransfers, droppedBytes, silenceUs }]
      : [];
  } catch {
    return [];
  }
}
