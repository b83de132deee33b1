import type { PolarityEvents, TriggerEvents } from "../../../packets/columns.ts";
import type { Packet } from "../../../packets/packet.ts";
import type { Geometry } from "../../../types.ts";
import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { ByteSink } from "../../sink.ts";
import { LimitCheck } from "../shared/limits.ts";
import { wordBytes, writeEventPacketHead } from "../ros/event_packet.ts";
import { McapFileWriter } from "./file_writer.ts";
import { mcap } from "./format.ts";

/** Begins a recording. Takes over the sink, and aborts it where it fails. */
export async function writeMcap(sink: ByteSink, options: FormatWriteOptions): Promise<FormatWriter> {
  try {
    const writer = new McapWriter(sink, options);
    await writer.begin();
    return writer;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** Channels by their numbers: topics as drivers for ROS name them. */
const channels = { events: 0, triggers: 1 };
const topics = ["/event_camera/events", "/event_camera/trigger"];

/** Messages hold this long at most: the difference of times in ns has 32 bits. */
const longestMessageUs = 4_000_000;

class McapWriter implements FormatWriter {
  readonly #sink: ByteSink;
  readonly #geometry: Geometry;
  readonly #limits: LimitCheck;
  readonly #file: McapFileWriter;
  readonly #sequences = topics.map(() => 0);

  constructor(sink: ByteSink, { geometry, header }: FormatWriteOptions) {
    this.#sink = sink;
    this.#geometry = geometry;
    this.#limits = new LimitCheck(mcap, { path: sink.name, geometry });
    this.#file = new McapFileWriter(sink, topics, header ?? {});
  }

  begin(): Promise<void> {
    return this.#file.begin();
  }

  async write(packet: Packet): Promise<void> {
    this.#limits.check(packet);
    const { polarityEvents, triggerEvents } = packet;
    if (polarityEvents !== undefined) await this.#writeEvents(polarityEvents);
    if (triggerEvents !== undefined) await this.#writeTriggers(triggerEvents);
  }

  async close(): Promise<void> {
    try {
      await this.#file.end();
      await this.#sink.close();
    } catch (error) {
      await this.#sink.abort();
      throw error;
    }
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }

  #writeEvents({ t, x, y, on }: PolarityEvents): Promise<void> {
    return this.#writeMessages(channels.events, "mono", t, (i) => (on[i]! << 31) | (y[i]! << 16) | x[i]!);
  }

  #writeTriggers({ t, id, edge }: TriggerEvents): Promise<void> {
    return this.#writeMessages(channels.triggers, "trigger", t, (i) => (edge[i]! << 31) | (id[i]! << 16));
  }

  /** Writes words of 64 bits: ns since the message's first time below, and what `highWord` tells above. */
  async #writeMessages(channel: number, encoding: string, t: Float64Array, highWord: (index: number) => number) {
    for (let from = 0; from < t.length;) {
      const first = t[from]!;
      let end = from + 1;
      while (end < t.length && t[end]! - first <= longestMessageUs) end++;
      const message = this.#file.beginMessage(channel, BigInt(first) * 1000n);
      const head = { ...this.#geometry, t: first, sequence: this.#sequences[channel]!++, encoding };
      writeEventPacketHead(message, head, (end - from) * wordBytes);
      const words = new Uint32Array((end - from) * (wordBytes / 4));
      for (let i = from, to = 0; i < end; i++, to += 2) {
        words[to] = (t[i]! - first) * 1000;
        words[to + 1] = highWord(i);
      }
      message.append(new Uint8Array(words.buffer));
      await this.#file.endMessage(channel);
      from = end;
    }
  }
}
