import { blockIndex, blockLength } from "../native/library.ts";
import { type Capacity, kindNames } from "../packets/kinds.ts";

const index = blockIndex("read_options");

/** The block that tells native calls how much room there is, and how many raw packets they may take (0 = no limit). */
export function readOptions(capacity: Capacity, maximumRawPackets: number): Float64Array<ArrayBuffer> {
  const block = new Float64Array(blockLength("read_options"));
  kindNames.forEach((kind, position) => block[index.capacity + position] = capacity[kind]);
  block[index.maximum_raw_packets] = maximumRawPackets;
  return block;
}
