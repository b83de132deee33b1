import { emptyPacket, type Packet } from "../../../packets/packet.ts";
import type { Geometry } from "../../../types.ts";
import { Malformed } from "../../codecs/malformed.ts";
import type { ReadItem } from "../../format.ts";
import { type MergedKind, Merger } from "../../merger.ts";
import { PendingGaps } from "../../pending_gaps.ts";
import { identifierOf, identifiers } from "./container.ts";
import { eventsOf, frameOf, imuOf, triggersOf } from "./packets.ts";

const kindOfType: Readonly<Record<string, MergedKind>> = {
  [identifiers.events]: "polarity",
  [identifiers.triggers]: "trigger",
  [identifiers.imu]: "imu",
  [identifiers.frame]: "frame",
};

/**
 * Makes items of packets. Of several streams of one kind the first in the file is read: events of two sensors make no
 * sense in one packet.
 */
export class PacketItems {
  readonly #geometry: Geometry | undefined;
  readonly #streams: ReadonlyMap<number, string>;
  readonly #merger: Merger;
  /** The stream that is read of each kind. */
  readonly #chosen = new Map<MergedKind, number>();
  /** Up to where the file was handed out. */
  #position: number;
  #outOfSensor = 0;
  readonly #gaps = new PendingGaps();

  constructor(geometry: Geometry | undefined, streams: ReadonlyMap<number, string>, position: number) {
    this.#geometry = geometry;
    this.#streams = streams;
    this.#position = position;
    this.#merger = new Merger([...streams.values()].flatMap((type) => kindOfType[type] ?? []));
  }

  /** Whether packets of a stream are read. The first that comes of a kind is chosen. */
  reads(stream: number): boolean {
    return this.#streams.size === 0 || this.#streams.has(stream);
  }

  /**
   * Takes a packet, all of which is looked at before its first event is handed out.
   *
   * @returns False where it holds what no packet of this library can: a frame in colours.
   * @throws {Malformed | RangeError} where it is damaged.
   */
  take(stream: number, unpacked: Uint8Array): boolean {
    const kind = kindOfType[identifierOf(unpacked)];
    if (kind === undefined) return true;
    if (!this.#chosen.has(kind)) this.#chosen.set(kind, stream);
    if (this.#chosen.get(kind) !== stream) return true;
    switch (kind) {
      case "polarity": {
        const { events, outOfSensor } = eventsOf(unpacked, this.#geometry);
        this.#mustFollow(kind, events.t[0]);
        this.#merger.addPolarity(events);
        this.#outOfSensor += outOfSensor;
        return true;
      }
      case "trigger": {
        const triggers = triggersOf(unpacked);
        this.#mustFollow(kind, triggers[0]?.t);
        this.#merger.addTriggers(triggers);
        return true;
      }
      case "imu": {
        const samples = imuOf(unpacked);
        this.#mustFollow(kind, samples[0]?.t);
        this.#merger.addImu(samples);
        return true;
      }
      case "frame": {
        const frame = frameOf(unpacked);
        if (frame === undefined) return false;
        this.#mustFollow(kind, frame.t);
        this.#merger.addFrames([frame]);
        return true;
      }
    }
  }

  /** What can be handed out when the file was read up to a position. */
  *ready(position: number): Generator<ReadItem> {
    for (const packet of this.#merger.ready()) yield this.#item(packet, position);
  }

  /** Leaves out a packet: it becomes a gap behind what came before it in its stream. */
  lose(stream: number, bytes: number): void {
    const kind = [...this.#chosen].find(([, chosen]) => chosen === stream)?.[0];
    const time = kind === undefined ? this.#merger.lastTimeOfAll : this.#merger.lastTime(kind);
    this.#gaps.add(time, { bytes });
  }

  /** What is left at the end of the file. */
  *rest(position: number): Generator<ReadItem> {
    for (const packet of this.#merger.until(Infinity)) yield this.#item(packet, position);
    if (position > this.#position || !this.#gaps.isEmpty) yield this.#item(emptyPacket(), position, true);
  }

  #item(packet: Packet, position: number, isLast: boolean = false): ReadItem {
    const item = {
      packet,
      bytes: position - this.#position,
      currentTime: this.#merger.currentTime,
      gaps: this.#gaps.takeFor(packet, isLast),
      outOfSensor: this.#outOfSensor,
    };
    this.#position = position;
    this.#outOfSensor = 0;
    return item;
  }

  #mustFollow(kind: MergedKind, first: number | undefined): void {
    const before = this.#merger.lastTime(kind);
    if (first !== undefined && first < before) throw new Malformed(`its times begin with ${first}, after ${before}`);
  }
}
