import { NeuromorphicError } from "../../../errors.ts";
import { lowerBound } from "../../../packets/slice.ts";
import type { Overview } from "../../format.ts";
import { OverviewBuilder } from "../../overview.ts";
import type { RawPass } from "./raw_pass.ts";

/** So far apart are the places from which decoding can begin, in bytes: one or two milliseconds of decoding. */
export const placeBytes: number = 1 << 20;

/** What is known of a recording after it was decoded once. */
export interface RawIndex {
  readonly overview: Overview;
  /** How many polarity events there are. */
  readonly polarityEvents: number;
  readonly places: Places;
}

/** Places from which decoding can begin, as columns of equal length, in the order of the file. */
export interface Places {
  /** No event before the place is later, in µs; -Infinity before the first time. */
  readonly times: Float64Array<ArrayBuffer>;
  /** Where the next byte is in the file. */
  readonly offsets: Float64Array<ArrayBuffer>;
  /** How many polarity events lie before it. */
  readonly events: Float64Array<ArrayBuffer>;
  /** What the decoder knows there: {@link snapshotBytes} for each. */
  readonly snapshots: Uint8Array<ArrayBuffer>;
  readonly snapshotBytes: number;
}

/** The last place before which there is no event at a time or later; undefined where that is the beginning. */
export function placeBefore(
  { times, offsets, snapshots, snapshotBytes }: Places,
  time: number,
): { readonly offset: number; readonly snapshot: Uint8Array<ArrayBuffer> } | undefined {
  const index = lowerBound(times, time) - 1;
  if (index < 0) return undefined;
  const start = index * snapshotBytes;
  return { offset: offsets[index]!, snapshot: snapshots.subarray(start, start + snapshotBytes) };
}

/**
 * Decodes a whole recording for its index; of a damaged one as much as is readable.
 *
 * @param check Called now and then; throws where the index is not wanted any more.
 */
export async function buildIndex(pass: RawPass, check: () => void): Promise<RawIndex> {
  const builder = new OverviewBuilder();
  const [times, offsets, events]: number[][] = [[], [], []];
  const snapshots: Uint8Array[] = [];
  let latest = -Infinity;
  let polarityEvents = 0;
  try {
    for await (const { packet, currentTime } of pass.items()) {
      check();
      builder.add(packet);
      polarityEvents += packet.polarityEvents?.t.length ?? 0;
      latest = Math.max(latest, currentTime ?? -Infinity);
      if (pass.position % placeBytes !== 0) continue;
      times!.push(latest);
      offsets!.push(pass.position);
      events!.push(polarityEvents);
      snapshots.push(pass.decoder.save());
    }
  } catch (error) {
    if (!(error instanceof NeuromorphicError && error.code === "damaged")) throw error;
  }
  const snapshotBytes = snapshots[0]?.length ?? 0;
  const joined = new Uint8Array(snapshots.length * snapshotBytes);
  snapshots.forEach((snapshot, index) => joined.set(snapshot, index * snapshotBytes));
  return {
    overview: builder.finish(),
    polarityEvents,
    places: {
      times: Float64Array.from(times!),
      offsets: Float64Array.from(offsets!),
      events: Float64Array.from(events!),
      snapshots: joined,
      snapshotBytes,
    },
  };
}
