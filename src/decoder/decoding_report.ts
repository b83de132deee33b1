import { blockIndex, blockLength } from "../native/library.ts";
import { type Counts, kindNames } from "../packets/kinds.ts";
import type { RateControllerCounts } from "../packets/status.ts";

const index = blockIndex("report");
const kindCount = kindNames.length;

/** What native calls report of what they decoded, read by name. */
export class DecodingReport {
  /** The block that native calls fill. */
  readonly block: Float64Array<ArrayBuffer> = new Float64Array(blockLength("report"));

  /** How many events of each kind were written; an array of its own. */
  counts(): Counts {
    const counts: number[] = [];
    for (let kind = 0; kind < kindCount; kind++) counts.push(this.block[index.events + kind]!);
    return counts;
  }

  /** No event of any kind was written. */
  get isEmpty(): boolean {
    for (let kind = 0; kind < kindCount; kind++) if (this.block[index.events + kind] !== 0) return false;
    return true;
  }

  get consumedBytes(): number {
    return this.block[index.consumed_bytes]!;
  }

  get currentTime(): number | undefined {
    return knownNumber(this.block[index.current_time]!);
  }

  get rateController(): RateControllerCounts | undefined {
    return rateControllerCounts(this.block[index.rate_controller_input]!, this.block[index.rate_controller_output]!);
  }
}

/** Undefined where the native library says so by NaN. */
export function knownNumber(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** Undefined before the sensor has told any of the two. */
export function rateControllerCounts(input: number, output: number): RateControllerCounts | undefined {
  if (Number.isNaN(input) && Number.isNaN(output)) return undefined;
  return { input: knownNumber(input), output: knownNumber(output) };
}
