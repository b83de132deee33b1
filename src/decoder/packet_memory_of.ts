import type { Native } from "../native/native.ts";
import { PacketMemory } from "../packets/packet_memory.ts";

/** Memory for the packets of a decoder or a stream, made by the runtime's means. */
export function packetMemoryOf({ adapter }: Native, byteLength: number, reuses: boolean): PacketMemory {
  if (reuses) adapter.expectReuse();
  return new PacketMemory(byteLength, { reuses, allocate: adapter.allocate });
}
