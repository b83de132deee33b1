/** What a player reads: packets of a recording, or bytes of a live source. */

import type { Packet } from "../../../packets/packet.ts";
import type { Status } from "../../../packets/status.ts";
import type { Geometry } from "../../../types.ts";
import type { LiveDecoder, RawItem } from "./live_decoder.ts";

/** The sensor that the events are of. */
export interface SensorProperties extends Geometry {
  /** Name of the sensor, for example `"IMX636"`; undefined where a recording does not tell. */
  readonly sensor?: string | undefined;
}

/** Events of a recording: what its loop gives. */
export interface SourceItem {
  readonly status: Status;
  readonly packet: Packet;
}

/** What a source with a beginning and an end has. */
export interface SeekableTimeLine {
  /** Times of the first and the last event in µs; undefined where there are none. Large files are read for it. */
  range(): Promise<TimeRange | undefined>;
  /** What comes next is the first event at that time in µs or later. Called between two loops. */
  seek(time: number): Promise<void>;
}

/** From the first event to the last one, µs. */
export interface TimeRange {
  readonly first: number;
  readonly last: number;
}

/** A source, as a player reads it. */
export type PlayedSource = Recorded | Live;

/** A recording. Its packets stay valid as long as they are held. */
export interface Recorded {
  readonly items: AsyncIterable<SourceItem>;
  readonly timeLine: SeekableTimeLine;
  readonly decoder?: undefined;
}

/** A live source, and what decodes its bytes. */
export interface Live {
  readonly items: AsyncIterable<RawItem>;
  readonly decoder: LiveDecoder;
  readonly timeLine?: undefined;
}
