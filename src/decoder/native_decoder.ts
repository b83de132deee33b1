import { number } from "../checks.ts";
import { type Library, statuses } from "../native/library.ts";
import { NeuromorphicError } from "../errors.ts";
import { showAs } from "../shown.ts";
import type { Capacity } from "../packets/kinds.ts";
import { type Layout, layoutFor } from "../packets/layout.ts";
import { type Packet, packetFrom } from "../packets/packet.ts";
import type { PacketMemory } from "../packets/packet_memory.ts";
import { type Decoder, type DecoderOptions, type DecoderStatistics, type EventFormat } from "./decoder.ts";
import { createHandle } from "./decoder_handle.ts";
import { DecodingReport } from "./decoding_report.ts";
import { Input, noInput } from "./input.ts";
import { readDecoderStatistics } from "./native_statistics.ts";
import { packetCapacityOf } from "./packet_capacity.ts";
import { packetMemoryOf } from "./packet_memory_of.ts";
import { refuseRawHeader } from "./raw_header.ts";
import { readOptions } from "./read_options.ts";

/** Bytes of words with many events: VECT_12 of EVT3, with its twelve, fits or waits as a whole. */
const cutWordBytes: Readonly<Record<EventFormat, number>> = { evt3: 0, evt2: 0, evt21: 8, "evt21-legacy": 8, evt4: 4 };

/** Native calls take a gap's milliseconds as u32: 49 days. */
const checkElapsedUs = number(0, 1000 * (2 ** 32 - 1));

/** Takes bytes, at most `length`, with the decoder of a handle: how many, and the sensor's clock behind them, or NaN. */
type Take = (
  handle: number,
  bytes: Uint8Array,
  length: number,
) => { readonly consumed: number; readonly currentTime: number };

/** A call of {@link Decoder.decode}. */
interface Call {
  /** Another call of the decoder came before its loop had taken all packets. */
  isCut: boolean;
}

const cutMessage =
  "the decoder's next decode(), gap() or pause() came before all packets of this decode() were taken: the rest is " +
  "lost. End a loop before the next call, or make a second decoder for other bytes";

const noBytes = new Uint8Array(0);

/** A decoder in the native library, and its handle, which a stream decodes with. */
export class NativeDecoder implements Decoder {
  readonly options: DecoderOptions;
  readonly #isFile: boolean;
  /** The library that it was made with, and the one that has it: where packets are views, one with memory of its own. */
  readonly #shared: Library;
  #library: Library;
  #handle: number;
  /** Room of a packet, and how its columns lie in it. */
  readonly capacity: Capacity;
  readonly layout: Layout;
  #memory: PacketMemory;
  readonly #readOptions: Float64Array;
  readonly #report = new DecodingReport();
  /** Bytes of a word that the end of a packet may cut, as it has several events; 0 where none has. */
  readonly #cutWordBytes: number;
  /** What is being decoded, or was left by a loop that did not take all of it. */
  #input: Input = noInput;
  #call: Call = { isCut: false };
  /** The bytes so far, while they may be the beginning of a RAW file's header. */
  #beginning: Uint8Array | undefined = noBytes;
  #currentTime: number | undefined;
  #closed = false;

  /** `isFile`: the bytes are a file's, which leave out times without events, also of hours. A camera's do not. */
  constructor(library: Library, options: DecoderOptions, capacity?: Capacity, isFile: boolean = false) {
    this.options = options;
    this.#isFile = isFile;
    this.#shared = library;
    this.#library = options.reuseBuffers === true ? library.separate?.() ?? library : library;
    this.capacity = capacity ?? packetCapacityOf(this.#library);
    this.layout = layoutFor(this.capacity);
    this.#memory = this.#memoryOf(this.#library);
    this.#readOptions = readOptions(this.capacity, 0);
    this.#cutWordBytes = cutWordBytes[options.format];
    this.#handle = this.#createIn(this.#library);
  }

  /** What {@link handle} is one of. */
  get library(): Library {
    return this.#library;
  }

  get handle(): number {
    return this.#handle;
  }

  #memoryOf(library: Library): PacketMemory {
    return packetMemoryOf(library, this.layout.byteLength, this.options.reuseBuffers === true);
  }

  /** Makes the native decoder. Returns its handle. */
  #createIn(library: Library): number {
    const handle = createHandle(library, this.options, this.#isFile);
    forgotten.register(this, { library, handle }, this);
    return handle;
  }

  /** Goes on in the library that accumulators are in. The last packet stays with its holder; later ones are copies. */
  #share(): void {
    const snapshot = this.save();
    const [library, handle] = [this.#library, this.#handle];
    forgotten.unregister(this);
    this.#handle = this.#createIn(this.#shared);
    this.#library = this.#shared;
    this.#memory = this.#memoryOf(this.#shared);
    this.restore(snapshot);
    library.symbols.nd_decoder_destroy(handle);
  }

  get currentTime(): number | undefined {
    return this.#currentTime;
  }

  /** A stream that decodes with this decoder tells it the time. */
  setCurrentTime(time: number | undefined): void {
    this.#currentTime = time;
  }

  decode(bytes: Uint8Array): Iterable<Packet> {
    this.#input = this.#begin(bytes);
    return this.#packets(this.#call);
  }

  /** Looks whether the bytes can be decoded, and ends the last call. */
  #begin(bytes: Uint8Array): Input {
    this.#checkOpen("decode");
    const input = new Input(bytes);
    if (this.#beginning !== undefined && input.left > 0) {
      this.#beginning = refuseRawHeader(this.#beginning, input.view());
    }
    this.#cut();
    return input;
  }

  /**
   * Decodes bytes into something else than packets: `take` calls a native function with the decoder's handle, and with
   * bytes of which it takes at least one.
   */
  decodeBy(library: Library, bytes: Uint8Array, take: Take): void {
    const input = this.#begin(bytes);
    if (library !== this.#shared) throw new TypeError("the decoder must be of the same library, not of another one");
    if (library !== this.#library) this.#share();
    const longest = library.longestInput;
    while (input.left > 0) {
      const { consumed, currentTime } = take(this.handle, input.rest(longest), Math.min(input.left, longest));
      input.advance(consumed);
      this.#currentTime = Number.isNaN(currentTime) ? undefined : currentTime;
    }
  }

  /** Ends the last call: its rest is decoded, so that the state is right, but no packets are made of it. */
  #cut(): void {
    const call = this.#call;
    this.#call = { isCut: false };
    call.isCut = this.#finish();
  }

  /** The packets of one call, until the next call. */
  *#packets(call: Call): Generator<Packet> {
    try {
      while (call === this.#call && this.#input.left > 0) {
        const packet = this.#decodeOnce();
        if (packet !== undefined) yield packet;
      }
    } finally {
      if (call === this.#call) this.#finish();
    }
    if (call.isCut) throw new TypeError(cutMessage);
  }

  /** Decodes up to one packet's room; undefined when no event came of it. */
  #decodeOnce(): Packet | undefined {
    const memory = this.#memory;
    this.#decodeInput(memory.take());
    const report = this.#report;
    return report.isEmpty ? undefined : packetFrom(memory, memory.filled, this.layout, report.counts());
  }

  /** Decodes what is left, or as much of it as fits. */
  #decodeInput(columns: Uint8Array): void {
    const input = this.#input;
    // Set aside: should anything throw from here on, no byte is decoded twice, and nothing is in the next call's way.
    this.#input = noInput;
    if (input.isGone) throw this.#loss(input, columns);
    const length = Math.min(input.left, this.#library.longestInput);
    const consumed = this.#decodeBytes(input.rest(length), length, columns);
    input.advance(consumed);
    this.#input = input;
    if (consumed < length && this.#cutWordBytes > 0) input.keepWord(this.#cutWordBytes);
  }

  /**
   * Ends the word that the last packet cut, and gives what to throw where bytes are gone. Otherwise the decoder would
   * take the next word of other bytes for the rest of this one, and leave out as many of its pixels.
   */
  #loss(input: Input, columns: Uint8Array): TypeError {
    if (input.keptWord !== undefined) this.#decodeBytes(input.keptWord, input.keptWord.length, columns);
    return input.lossError();
  }

  /** One native call; returns how many bytes it took. */
  #decodeBytes(bytes: Uint8Array, length: number, columns: Uint8Array): number {
    const { symbols, check } = this.#library;
    const report = this.#report;
    check(symbols.nd_decoder_decode(this.handle, bytes, length, columns, this.#readOptions, report.block), "decode");
    this.#currentTime = report.currentTime;
    return report.consumedBytes;
  }

  /** Decodes what no loop took, so that the state is right. True where there were events. */
  #finish(): boolean {
    let any = false;
    while (this.#input.left > 0) if (this.#decodeOnce() !== undefined) any = true;
    return any;
  }

  gap(elapsedUs: number): void {
    const elapsedMs = Math.round(checkElapsedUs(elapsedUs, "elapsedUs") / 1000);
    this.#checkOpen("gap");
    if (this.#beginning !== undefined) this.#beginning = noBytes;
    this.#cut();
    this.#library.check(this.#library.symbols.nd_decoder_gap(this.handle, elapsedMs), "gap");
  }

  pause(elapsedUs: number): void {
    const elapsedMs = Math.round(checkElapsedUs(elapsedUs, "elapsedUs") / 1000);
    this.#checkOpen("pause");
    this.#cut();
    this.#library.check(this.#library.symbols.nd_decoder_pause(this.handle, elapsedMs), "pause");
  }

  get statistics(): DecoderStatistics {
    this.#checkOpen("read statistics");
    return readDecoderStatistics(this.#library, this.handle);
  }

  /** All that it knows, as bytes that {@link restore} of a decoder with the same options takes. */
  save(): Uint8Array<ArrayBuffer> {
    const { symbols, check } = this.#library;
    const snapshot = new Uint8Array(check(symbols.nd_decoder_save(this.handle, null, 0), "save decoder"));
    check(symbols.nd_decoder_save(this.handle, snapshot, snapshot.length), "save decoder");
    return snapshot;
  }

  /** Goes on where a decoder was saved. False, and nothing changed, where the bytes are those of another version. */
  restore(snapshot: Uint8Array): boolean {
    const { symbols, check } = this.#library;
    const status = symbols.nd_decoder_restore(this.handle, snapshot, snapshot.length);
    if (status === statuses.unsupported) return false;
    check(status, "restore decoder");
    return true;
  }

  reset(): void {
    this.#checkOpen("reset");
    this.#input = noInput;
    this.#beginning = noBytes;
    this.#library.check(this.#library.symbols.nd_decoder_reset(this.handle), "reset");
    this.#currentTime = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    forgotten.unregister(this);
    this.#input = noInput;
    this.#library.symbols.nd_decoder_destroy(this.handle);
    this.#memory.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  static {
    showAs(NativeDecoder, "Decoder", (decoder) => {
      const { options: { format, width, height }, currentTime } = decoder;
      return { format, width, height, currentTime, closed: decoder.#closed };
    });
  }

  #checkOpen(operation: string): void {
    if (this.#closed) throw new NeuromorphicError("closed", "the decoder is closed", { operation });
  }
}

const forgotten = new FinalizationRegistry<{ library: Library; handle: number }>(({ library, handle }) => {
  library.symbols.nd_decoder_destroy(handle);
});
