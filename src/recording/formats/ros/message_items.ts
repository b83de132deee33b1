import type { Decoder } from "../../../decoder/decoder.ts";
import { NativeDecoder } from "../../../decoder/native_decoder.ts";
import { packetCapacity } from "../../../decoder/packet_capacity.ts";
import { NeuromorphicError } from "../../../errors.ts";
import { emptyPacket, type Packet } from "../../../packets/packet.ts";
import { loadLibrary } from "../../../native/library.ts";
import type { Geometry } from "../../../types.ts";
import { Malformed, readingError } from "../../codecs/malformed.ts";
import type { ReadItem } from "../../format.ts";
import { Merger } from "../../merger.ts";
import { PendingGaps } from "../../pending_gaps.ts";
import { type EventPacket, monoEvents, monoTriggers, readEventPacket } from "./event_packet.ts";
import type { Channel, MessageWalk } from "./messages.ts";

/** Encodings of events as words of 64 bits, and that of triggers. */
const monoEncodings: readonly string[] = ["mono", "libcaer"];
const triggerEncoding = "trigger";

/** As many columns and rows as `mono` can tell, where no size is known. */
const largestMono: Geometry = { width: 65_536, height: 32_768 };
const largestEvt3: Geometry = { width: 2048, height: 2048 };

/** The longest gap that a decoder can be told, in µs. */
const longestGapUs = 1000 * (2 ** 32 - 1);

/** Makes items of messages. Of several topics with events the first is read, and triggers of all topics. */
export class MessageItems {
  readonly #path: string;
  readonly #geometry: Geometry | undefined;
  readonly #walk: Pick<MessageWalk, "position">;
  readonly #merger = new Merger(["polarity", "trigger"]);
  readonly #sequences = new Map<number, number>();
  readonly #ready: ReadItem[] = [];
  /** The topic whose events are read. */
  #events: number | undefined;
  #decoder: Decoder | undefined;
  #lastStampUs = 0;
  #position = 0;
  readonly #gaps = new PendingGaps();
  #outOfSensor = 0;

  constructor(path: string, geometry: Geometry | undefined, walk: Pick<MessageWalk, "position">) {
    this.#path = path;
    this.#geometry = geometry;
    this.#walk = walk;
  }

  /** Takes a message. @returns What is wrong with it; it is left out then. */
  async take(channel: Channel, data: Uint8Array, position: number): Promise<NeuromorphicError | undefined> {
    try {
      await this.#take(channel, readEventPacket(data));
      return undefined;
    } catch (error) {
      const where = { operation: "read", path: this.#path, offset: position };
      const reason = readingError(error, `a message of ${channel.topic}`, where);
      if (!(reason instanceof NeuromorphicError)) throw reason;
      this.lose(data.length);
      return reason;
    }
  }

  /** Leaves out bytes of the file: they become a gap behind the events that came before. */
  lose(bytes: number): void {
    this.#gaps.add(this.#merger.lastTime("polarity"), { bytes });
  }

  /** What can be handed out. */
  *ready(): Generator<ReadItem> {
    this.#add(this.#merger.ready());
    yield* this.#ready.splice(0);
  }

  /** What is left at the end. */
  *rest(): Generator<ReadItem> {
    this.#add(this.#merger.until(Infinity));
    yield* this.#ready.splice(0);
    if (this.#walk.position > this.#position || !this.#gaps.isEmpty) yield this.#item(emptyPacket(), true);
  }

  close(): void {
    this.#decoder?.close();
  }

  async #take(channel: Channel, packet: EventPacket): Promise<void> {
    const { encoding } = packet;
    if (encoding === triggerEncoding) {
      this.#merger.addTriggers(monoTriggers(packet, this.#merger.lastTime("trigger")));
      return;
    }
    this.#events ??= channel.id;
    if (this.#events !== channel.id) return;
    const lost = this.#lostMessages(channel, packet);
    if (lost > 0) this.#gaps.add(this.#merger.lastTime("polarity"), { transfers: lost });
    if (monoEncodings.includes(encoding)) {
      const last = this.#merger.lastTime("polarity");
      const { events, outOfSensor } = monoEvents(packet, this.#geometry ?? largestMono, last);
      this.#merger.addPolarity(events);
      this.#outOfSensor += outOfSensor;
    } else if (encoding === "evt3") {
      await this.#decode(packet, lost);
    } else {
      throw new Malformed(`events are encoded as "${encoding}"`, "unsupported");
    }
  }

  async #decode(packet: EventPacket, lost: number): Promise<void> {
    this.#decoder ??= new NativeDecoder(
      await loadLibrary(),
      { format: "evt3", ...this.#geometry ?? largestEvt3 },
      packetCapacity,
      true,
    );
    const decoder = this.#decoder;
    const outOfSensor = decoder.statistics.outOfSensor;
    if (lost > 0) decoder.gap(Math.min(Math.max(0, packet.stampUs - this.#lastStampUs), longestGapUs));
    this.#lastStampUs = packet.stampUs;
    for (const decoded of decoder.decode(packet.events)) this.#ready.push(this.#item(decoded));
    this.#outOfSensor += decoder.statistics.outOfSensor - outOfSensor;
  }

  /** How many messages are missing before this one: each counts as a transfer that was dropped. */
  #lostMessages({ id }: Channel, { sequence }: EventPacket): number {
    const before = this.#sequences.get(id);
    this.#sequences.set(id, sequence);
    return before === undefined || sequence <= before ? 0 : sequence - before - 1;
  }

  #add(packets: Iterable<Packet>): void {
    for (const packet of packets) this.#ready.push(this.#item(packet));
  }

  #item(packet: Packet, isLast: boolean = false): ReadItem {
    const { position } = this.#walk;
    const item = {
      packet,
      bytes: position - this.#position,
      currentTime: this.#decoder?.currentTime ?? this.#merger.currentTime,
      gaps: this.#gaps.takeFor(packet, isLast),
      outOfSensor: this.#outOfSensor,
    };
    this.#position = position;
    this.#outOfSensor = 0;
    return item;
  }
}
