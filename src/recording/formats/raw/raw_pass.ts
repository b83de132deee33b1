import type { EventFormat } from "../../../decoder/decoder.ts";
import { NativeDecoder } from "../../../decoder/native_decoder.ts";
import { packetCapacity } from "../../../decoder/packet_capacity.ts";
import { packetMemoryOf } from "../../../decoder/packet_memory_of.ts";
import { readOptions } from "../../../decoder/read_options.ts";
import type { Library } from "../../../native/library.ts";
import { polarityEventsIn, triggerEventsIn } from "../../../packets/columns.ts";
import { type Counts, kindIndex } from "../../../packets/kinds.ts";
import { layoutAt } from "../../../packets/layout.ts";
import { emptyPacket, packetFrom } from "../../../packets/packet.ts";
import { type Gap, noGap } from "../../../packets/status.ts";
import type { PacketMemory } from "../../../packets/packet_memory.ts";
import { Report } from "../../../stream/report.ts";
import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { ReadItem } from "../../format.ts";
import { wordBytes } from "../../raw_header_text.ts";
import type { ByteSource } from "../../source.ts";
import type { Loss } from "./losses.ts";

/** What a pass must know of a recording. */
export interface RawFacts {
  readonly format: EventFormat;
  /** How errors call the encoding: `"EVT3"`. */
  readonly encoding: string;
  /** What the decoder takes for the sensor. */
  readonly geometry: Geometry;
  /** Where the words begin. */
  readonly start: number;
  /** What is to be added to all times, in µs. */
  readonly addedTime: number;
  /** Where bytes are missing. */
  readonly losses: readonly Loss[];
}

/** Of the words of a format that is not the header's, about a third are unknown; of a sensor's, none. */
const mostUnknownWords = 1 / 8;

/** Fewer words than these do not tell that they are of another format. */
const fewestWords = 64;

/** More than a decoder can be told: 49 days. */
const longestSilenceUs = 4e12;

/** One decoding of a recording, from a place in it to its end. */
export class RawPass {
  readonly #library: Library;
  readonly #source: ByteSource;
  readonly #facts: RawFacts;
  readonly #chunkBytes: number;
  readonly decoder: NativeDecoder;
  readonly #memory: PacketMemory;
  readonly #readOptions: Float64Array<ArrayBuffer>;
  readonly #report = new Report();
  #position: number;
  /** Where the words begin that end at the position: behind the header or the last loss. */
  #wordsFrom: number;
  /** Index of the next loss. */
  #nextLoss = 0;
  /** The first time that is wanted, as the decoder tells it. */
  #from = -Infinity;

  constructor(
    library: Library,
    source: ByteSource,
    facts: RawFacts,
    { chunkBytes, reuseBuffers }: { readonly chunkBytes: number; readonly reuseBuffers: boolean },
  ) {
    this.#library = library;
    this.#source = source;
    this.#facts = facts;
    this.#chunkBytes = chunkBytes;
    const { format, geometry: { width, height } } = facts;
    this.decoder = new NativeDecoder(library, { format, width, height }, packetCapacity, true);
    this.#memory = packetMemoryOf(library, this.decoder.layout.byteLength, reuseBuffers);
    this.#readOptions = readOptions(this.decoder.capacity, 0);
    this.#position = facts.start;
    this.#wordsFrom = facts.start;
  }

  /** Where the next bytes are in the file. */
  get position(): number {
    return this.#position;
  }

  /** Begins at a place where a decoder with the same facts was saved. False where its snapshot is of another version. */
  goTo(position: number, snapshot: Uint8Array): boolean {
    if (!this.decoder.restore(snapshot)) return false;
    this.#position = position;
    const { losses } = this.#facts;
    this.#nextLoss = losses.filter(({ at }) => at < position).length;
    this.#wordsFrom = losses[this.#nextLoss - 1]?.at ?? this.#facts.start;
    return true;
  }

  /**
   * All items from here on. Gives the native decoder back at its end.
   *
   * @param from Events of items that end before this time are left out: no memory is made for them.
   */
  async *items(from: number = -Infinity): AsyncGenerator<ReadItem, undefined> {
    this.#from = from - this.#facts.addedTime;
    try {
      for (;;) {
        const chunk = await this.#nextChunk();
        if (chunk.length === 0) break;
        for (let at = 0; at < chunk.length;) {
          const lost = this.#takeLoss();
          const toNext = (this.#facts.losses[this.#nextLoss]?.at ?? Infinity) - this.#position;
          const item = this.#decode(chunk.subarray(at, at + toNext), lost);
          at += item.bytes;
          this.#position += item.bytes;
          yield item;
        }
        this.#checkEncoding();
      }
      this.#checkEnd();
    } finally {
      this.close();
    }
  }

  close(): void {
    this.decoder.close();
    this.#memory.close();
  }

  /** Chunks begin at multiples of their length, but for the first one. */
  #nextChunk(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#source.read(this.#position, this.#chunkBytes - this.#position % this.#chunkBytes);
  }

  /** Tells the decoder of a loss before the next byte. */
  #takeLoss(): Gap | undefined {
    const loss = this.#facts.losses[this.#nextLoss];
    if (loss === undefined || loss.at > this.#position) return undefined;
    this.#nextLoss++;
    this.#wordsFrom = this.#position;
    this.decoder.gap(Math.min(loss.silenceUs, longestSilenceUs));
    const { droppedTransfers, droppedBytes, silenceUs } = loss;
    return { ...noGap, droppedTransfers, droppedBytes, silenceUs };
  }

  /** Decodes what fits into a packet. */
  #decode(rest: Uint8Array<ArrayBuffer>, lost: Gap | undefined): ReadItem {
    const [memory, report] = [this.#memory, this.#report];
    const { symbols, check } = this.#library;
    const { handle, layout } = this.decoder;
    check(
      symbols.nd_decoder_decode(handle, rest, rest.length, memory.take(), this.#readOptions, report.block),
      "decode",
    );
    const counts = report.counts();
    const columns = memory.filled;
    const packet = this.#isBefore(columns, counts) ? emptyPacket() : packetFrom(memory, columns, layout, counts);
    const { currentTime, outOfSensor, timeDiscontinuities, rateController, gaps } = report.status();
    const { addedTime } = this.#facts;
    if (addedTime !== 0) {
      addTo(packet.polarityEvents?.t, addedTime);
      addTo(packet.triggerEvents?.t, addedTime);
    }
    return {
      packet,
      bytes: report.consumedBytes,
      currentTime: currentTime === undefined ? undefined : currentTime + addedTime,
      gaps: lost === undefined ? gaps : [lost, ...gaps],
      outOfSensor,
      timeDiscontinuities,
      rateController,
    };
  }

  /** Whether all events in the columns lie before what is wanted. */
  #isBefore({ buffer, byteOffset }: Uint8Array<ArrayBuffer>, counts: Counts): boolean {
    if (this.#from === -Infinity) return false;
    const layout = layoutAt(this.decoder.layout, byteOffset);
    const polarity = polarityEventsIn(buffer, layout, counts[kindIndex.polarity]!).t.at(-1) ?? -Infinity;
    const trigger = triggerEventsIn(buffer, layout, counts[kindIndex.trigger]!).t.at(-1) ?? -Infinity;
    if (polarity < this.#from && trigger < this.#from) return true;
    this.#from = -Infinity;
    return false;
  }

  #checkEncoding(): void {
    const { words, wordsByKind: { unknown } } = this.decoder.statistics;
    if (words < fewestWords || unknown < words * mostUnknownWords) return;
    const { encoding, start } = this.#facts;
    throw this.#damaged(`holds no ${encoding}, as its header says: ${unknown} of ${words} words are unknown`, start);
  }

  #checkEnd(): void {
    const { format, start, encoding } = this.#facts;
    const { size } = this.#source;
    if (size !== undefined && this.#position < size) throw this.#damaged("has become shorter", this.#position);
    const { words } = this.decoder.statistics;
    if (words > 0 && this.decoder.statistics.wordsByKind.timeHigh === 0) {
      throw this.#damaged(`has no time: none of its ${words} words of ${encoding} is a TIME_HIGH`, start);
    }
    const left = (this.#position - this.#wordsFrom) % wordBytes[format];
    if (left === 0) return;
    const bytes = left === 1 ? "1 byte is" : `${left} bytes are`;
    throw this.#damaged(`is truncated: ${bytes} left of its last word`, this.#position - left);
  }

  #damaged(what: string, offset: number): Error {
    return recordingError("damaged", what, { operation: "read recording", path: this.#source.name, offset });
  }
}

function addTo(times: Float64Array | undefined, addedTime: number): void {
  if (times !== undefined) { for (let i = 0; i < times.length; i++) times[i]! += addedTime; }
}
