import {
  imuEventsIn,
  type PolarityEvents,
  polarityEventsIn,
  type TriggerEvents,
  triggerEventsIn,
} from "../packets/columns.ts";
import { type Frame, pixelBytesOf, writeFrames } from "../packets/frames.ts";
import { kindIndex, kindNames } from "../packets/kinds.ts";
import { type Layout, layoutForCounts } from "../packets/layout.ts";
import { type Packet, packetOver } from "../packets/packet.ts";

/** A trigger on its way into a packet. */
export interface TriggerRow {
  readonly t: number;
  readonly id: number;
  readonly edge: number;
}

/** A sample of an IMU on its way into a packet, in the order and units of its columns. */
export interface ImuRow {
  readonly t: number;
  readonly accelerometer: readonly [number, number, number];
  readonly gyroscope: readonly [number, number, number];
  readonly temperature: number;
}

/** What a packet is made of. */
export interface PacketParts {
  readonly polarity?: PolarityEvents | undefined;
  readonly trigger: readonly TriggerRow[];
  readonly imu: readonly ImuRow[];
  readonly frame: readonly Frame[];
}

/** A packet of its own with copies of all parts. */
export function packetOfParts({ polarity, trigger, imu, frame }: PacketParts): Packet {
  const counts = kindNames.map(() => 0);
  counts[kindIndex.polarity] = polarity?.t.length ?? 0;
  counts[kindIndex.trigger] = trigger.length;
  counts[kindIndex.imu] = imu.length;
  counts[kindIndex.frame] = frame.length;
  counts[kindIndex.pixel] = pixelBytesOf(frame);
  const layout = layoutForCounts(counts);
  const block = new ArrayBuffer(layout.byteLength);
  if (polarity !== undefined) {
    const columns = polarityEventsIn(block, layout, polarity.t.length);
    columns.t.set(polarity.t);
    columns.x.set(polarity.x);
    columns.y.set(polarity.y);
    columns.on.set(polarity.on);
  }
  fillTriggers(triggerEventsIn(block, layout, trigger.length), trigger);
  fillImu(block, layout, imu);
  writeFrames(block, layout, frame);
  return packetOver(block, layout, counts);
}

function fillTriggers(columns: TriggerEvents, rows: readonly TriggerRow[]): void {
  for (const [index, { t, id, edge }] of rows.entries()) {
    columns.t[index] = t;
    columns.id[index] = id;
    columns.edge[index] = edge;
  }
}

function fillImu(block: ArrayBuffer, layout: Layout, rows: readonly ImuRow[]): void {
  const columns = imuEventsIn(block, layout, rows.length);
  for (const [index, { t, accelerometer, gyroscope, temperature }] of rows.entries()) {
    columns.t[index] = t;
    [columns.accelerometerX[index], columns.accelerometerY[index], columns.accelerometerZ[index]] = accelerometer;
    [columns.gyroscopeX[index], columns.gyroscopeY[index], columns.gyroscopeZ[index]] = gyroscope;
    columns.temperature[index] = temperature;
  }
}
