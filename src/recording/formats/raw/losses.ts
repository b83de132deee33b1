import { withoutGap } from "../../receipt.ts";
import { openReceiptBeside } from "../../receipt_beside.ts";
import type { ByteSource, SourceFiles } from "../../source.ts";

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
  const receipt = (await openReceiptBeside(files))?.receipt;
  if (receipt === undefined) return [];
  try {
    const gaps: Loss[] = [];
    const losses: Loss[] = [];
    for await (const lines of linesOf(receipt)) {
      for (const line of lines) {
        if (line.includes('"gap"')) gaps.push(...lossIn(line, "gap"));
        else if (line.includes('"loss"')) losses.push(...lossIn(line, "loss"));
      }
    }
    return [...gaps, ...withoutGap(losses, gaps)].sort((left, right) => left.at - right.at);
  } catch {
    return []; // not readable
  } finally {
    await receipt.close();
  }
}

/** So much of a receipt is in memory: that of a terabyte would not fit into a string. */
const pieceBytes = 1 << 20;

async function* linesOf(receipt: ByteSource): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for (let at = 0; at < receipt.size!; at += pieceBytes) {
    const lines = (rest + decoder.decode(await receipt.read(at, pieceBytes), { stream: true })).split("\n");
    rest = lines.pop()!;
    yield lines;
  }
  yield [rest];
}

/** None where a line is of another kind, or was torn when its program was killed. */
function lossIn(line: string, wanted: "gap" | "loss"): Loss[] {
  try {
    const { kind, at, droppedTransfers, droppedBytes, silenceUs } = JSON.parse(line);
    const areNumbers = [at, droppedTransfers, droppedBytes, silenceUs].every((value) => value >= 0 && value < 2 ** 53);
    return kind === wanted && areNumbers && droppedTransfers > 0
      ? [{ at, droppedTransfers, droppedBytes, silenceUs }]
      : [];
  } catch {
    return [];
  }
}
