import type { Library } from "../native/library.ts";
import type { Capacity } from "../packets/kinds.ts";
import { maximumEventsPerPacket } from "./decoder.ts";

/**
 * Room of one packet: 0.9 MB, which stays in a CPU's inner caches while it is filled and read. No format of today has
 * samples of an IMU or frames.
 */
export const packetCapacity: Capacity = { polarity: maximumEventsPerPacket, trigger: 4096, imu: 0, frame: 0, pixel: 0 };

/** Half of it, for a packet that is a copy out of a library's own memory: both stay in the caches. */
const stagedPacketCapacity: Capacity = { ...packetCapacity, polarity: maximumEventsPerPacket / 2 };

/** Room of one packet that a library decodes into. */
export function packetCapacityOf(library: Library): Capacity {
  return library.stage === undefined || library.lends === true ? packetCapacity : stagedPacketCapacity;
}
