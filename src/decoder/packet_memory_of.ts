import type { Library } from "../native/library.ts";
import { PacketMemory } from "../packets/packet_memory.ts";

/** Memory for the packets of a decoder or a stream, made by the library's means. */
export function packetMemoryOf(library: Library, byteLength: number, reuses: boolean): PacketMemory {
  if (reuses) library.expectReuse();
  return new PacketMemory(byteLength, { reuses, allocate: library.allocate, stage: library.stage });
}
