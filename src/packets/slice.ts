/** Parts of packets by time: the events of each kind from one index on to another. */

import { imuEventsIn, polarityEventsIn, triggerEventsIn } from "./columns.ts";
import { pixelBytesOf, writeFrames } from "./frames.ts";
import { kindIndex, kindNames } from "./kinds.ts";
import { layoutForCounts } from "./layout.ts";
import { emptyPacket, type Packet, packetOver } from "./packet.ts";

/** A place in a packet: how many events of each kind lie before it. */
export interface Place {
  readonly polarity: number;
  readonly trigger: number;
  readonly imu: number;
  readonly frame: number;
}

/** The beginning of any packet. */
export const beginning: Place = { polarity: 0, trigger: 0, imu: 0, frame: 0 };

/** The end of a packet. */
export function endOf({ polarityEvents, triggerEvents, imuEvents, frames }: Packet): Place {
  return {
    polarity: polarityEvents?.t.length ?? 0,
    trigger: triggerEvents?.t.length ?? 0,
    imu: imuEvents?.t.length ?? 0,
    frame: frames?.length ?? 0,
  };
}

/** The place before the first event at a time or later. The times of each kind must not decrease. */
export function placeOf(packet: Packet, time: number): Place {
  const { polarityEvents, triggerEvents, imuEvents, frames } = packet;
  return {
    polarity: lowerBound(polarityEvents?.t, time),
    trigger: lowerBound(triggerEvents?.t, time),
    imu: lowerBound(imuEvents?.t, time),
    frame: lowerBound(frames?.map(({ t }) => t), time),
  };
}

/** How many of increasing times lie before one. */
export function lowerBound(times: ArrayLike<number> | undefined, time: number): number {
  if (times === undefined) return 0;
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The time of the first event at a place or behind it; undefined at the end. */
export function timeAt({ polarityEvents, triggerEvents, imuEvents, frames }: Packet, place: Place): number | undefined {
  const times = [
    polarityEvents?.t[place.polarity],
    triggerEvents?.t[place.trigger],
    imuEvents?.t[place.imu],
    frames?.[place.frame]?.t,
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The time of the last event; undefined where there is none. */
export function lastTimeOf({ polarityEvents, triggerEvents, imuEvents, frames }: Packet): number | undefined {
  const times = [polarityEvents?.t.at(-1), triggerEvents?.t.at(-1), imuEvents?.t.at(-1), frames?.at(-1)?.t]
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Of two places the one that is further on, by kind. */
export function later(left: Place, right: Place): Place {
  return {
    polarity: Math.max(left.polarity, right.polarity),
    trigger: Math.max(left.trigger, right.trigger),
    imu: Math.max(left.imu, right.imu),
    frame: Math.max(left.frame, right.frame),
  };
}

/** Whether two places are the same. */
export function isSamePlace(left: Place, right: Place): boolean {
  return left.polarity === right.polarity && left.trigger === right.trigger && left.imu === right.imu &&
    left.frame === right.frame;
}

/** A packet of its own with the events between two places. */
export function slicePacket(packet: Packet, start: Place, end: Place): Packet {
  if (isSamePlace(start, end)) return emptyPacket();
  const frames = (packet.frames ?? []).slice(start.frame, end.frame);
  const counts = kindNames.map(() => 0);
  counts[kindIndex.polarity] = end.polarity - start.polarity;
  counts[kindIndex.trigger] = end.trigger - start.trigger;
  counts[kindIndex.imu] = end.imu - start.imu;
  counts[kindIndex.frame] = frames.length;
  counts[kindIndex.pixel] = pixelBytesOf(frames);
  const layout = layoutForCounts(counts);
  const buffer = new ArrayBuffer(layout.byteLength);
  const { polarityEvents, triggerEvents, imuEvents } = packet;
  if (polarityEvents !== undefined) {
    copy(polarityEvents, polarityEventsIn(buffer, layout, counts[kindIndex.polarity]!), start.polarity);
  }
  if (triggerEvents !== undefined) {
    copy(triggerEvents, triggerEventsIn(buffer, layout, counts[kindIndex.trigger]!), start.trigger);
  }
  if (imuEvents !== undefined) copy(imuEvents, imuEventsIn(buffer, layout, counts[kindIndex.imu]!), start.imu);
  writeFrames(buffer, layout, frames);
  return packetOver(buffer, layout, counts);
}

type Columns = Readonly<Record<string, Float64Array | Float32Array | Uint16Array | Uint8Array>>;

/** Fills columns with those of another object, from an index on. */
function copy<Events extends object>(from: Events, to: Events, start: number): void {
  for (const [name, column] of Object.entries(to as Columns)) {
    column.set((from as Columns)[name]!.subarray(start, start + column.length));
  }
}
