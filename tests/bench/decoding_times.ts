/**
 * Measures the decoder as programs call it, by any library. Nothing here names a runtime, so that a page can do it.
 *
 * The same bytes go by turns through `createDecoder().decode` and straight to the library's function, into the same
 * memory; the difference, and what a call costs that has nothing to decode, is the price of JavaScript.
 */

import { decoderInfo } from "../../src/decoder/decoder_info.ts";
import { NativeDecoder } from "../../src/decoder/native_decoder.ts";
import { packetCapacity } from "../../src/decoder/packet_capacity.ts";
import { readOptions } from "../../src/decoder/read_options.ts";
import { blockIndex, blockLength, type Library, loadLibrary } from "../../src/native/library.ts";
import { layoutFor } from "../../src/packets/layout.ts";
import { middleMean } from "./middle_mean.ts";

/** One stream through one kernel in one engine. */
export interface ThroughJavaScript {
  readonly stream: string;
  readonly words: number;
  readonly events: number;
  /** Of `decode`, for the whole stream. */
  readonly nanoseconds: number;
  /** The same with `reuseBuffers`. */
  readonly reusedNanoseconds: number;
  /** Of the library's function alone, without the way there and back. */
  readonly nativeNanoseconds: number;
  /** The first and the last as means, with what the middle leaves out: garbage collections, but also other programs. */
  readonly meanNanoseconds: number;
  readonly meanNativeNanoseconds: number;
}

/** What was measured in one process or page. */
export interface ChildReport {
  readonly kernel: string;
  /** Of a call that has nothing to decode. */
  readonly callNanoseconds: number;
  readonly streams: readonly ThroughJavaScript[];
}

/** A stream of EVT3. */
export interface Stream {
  readonly name: string;
  /** Its words, without a file's header. */
  readonly bytes: Uint8Array;
}

/** A USB transfer. */
const inputLength = 128 << 10;

const sensor = { format: "evt3", width: 1280, height: 720 } as const;
const columnsLength = layoutFor(packetCapacity).byteLength;
const reportIndex = blockIndex("report");
const nothing = new Uint8Array(8);

/** Measures each stream, every part of it so often. */
export async function measureDecoding(
  streams: Iterable<Stream> | AsyncIterable<Stream>,
  rounds: number,
): Promise<ChildReport> {
  const direct = new DirectCalls(await loadLibrary());
  const callNanoseconds = direct.measureCall();
  const measured: ThroughJavaScript[] = [];
  for await (const stream of streams) measured.push(measureStream(stream, { rounds, direct, callNanoseconds }));
  return { kernel: (await decoderInfo()).kernel, callNanoseconds, streams: measured };
}

/** Calls of the library's function without a decoder's packets. */
class DirectCalls {
  readonly library: Library;
  readonly #report = new Float64Array(blockLength("report"));
  readonly #room = readOptions(packetCapacity, 0);
  /** Of WebAssembly, whose functions write into memory of its own; packets of `decode` are copies there. */
  readonly #staging;

  constructor(library: Library) {
    this.library = library;
    this.#staging = library.stage?.(columnsLength);
  }

  /** Returns how many calls that took: one may use up only a part of the bytes. */
  decode(handle: number, bytes: Uint8Array, columns: Uint8Array): number {
    let calls = 0;
    for (let rest = bytes; rest.length > 0; calls++) {
      rest = rest.subarray(this.#call(handle, rest, rest.length, columns));
    }
    return calls;
  }

  /** What a call costs that decodes nothing: a thousand at a time, for the clock is coarser than one. */
  measureCall(): number {
    const decoder = new NativeDecoder(this.library, sensor);
    const columns = new Uint8Array(columnsLength);
    const times = Array.from({ length: 51 }, () =>
      timed(() => {
        for (let count = 0; count < 1000; count++) this.#call(decoder.handle, nothing, 0, columns);
      }));
    decoder.close();
    return middleMean(times) / 1000;
  }

  #call(handle: number, bytes: Uint8Array, length: number, columns: Uint8Array): number {
    const to = this.#staging?.bytes ?? columns;
    const { symbols, check } = this.library;
    check(symbols.nd_decoder_decode(handle, bytes, length, to, this.#room, this.#report), "decode");
    return this.#report[reportIndex.consumed_bytes]!;
  }
}

interface Measurement {
  readonly rounds: number;
  readonly direct: DirectCalls;
  readonly callNanoseconds: number;
}

function measureStream({ name, bytes }: Stream, { rounds, direct, callNanoseconds }: Measurement): ThroughJavaScript {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += inputLength) {
    parts.push(bytes.subarray(start, start + inputLength));
  }
  const decoder = new NativeDecoder(direct.library, sensor);
  const reusing = new NativeDecoder(direct.library, { ...sensor, reuseBuffers: true });
  // A packet with few events has a buffer of its own; this is for streams that end with one.
  const ownColumns = new Uint8Array(columnsLength);
  const timesInJavaScript: number[][] = [];
  const timesReused: number[][] = [];
  const timesNatively: number[][] = [];
  let events = 0;
  let calls = 0;
  for (let round = -rounds; round < rounds; round++) {
    decoder.reset(); // the stream begins again, and its time must not go back
    events = calls = 0;
    let buffer: ArrayBuffer | undefined;
    const inJavaScript = parts.map((part) =>
      timed(() => {
        const decoded = decodeInJavaScript(decoder, part);
        events += decoded.events;
        buffer = decoded.buffer;
      })
    );
    reusing.reset();
    const reused = parts.map((part) => timed(() => void decodeInJavaScript(reusing, part)));
    decoder.reset();
    const columns = buffer?.byteLength === columnsLength ? new Uint8Array(buffer) : ownColumns;
    const natively = parts.map((part) => timed(() => calls += direct.decode(decoder.handle, part, columns)));
    if (round < 0) continue; // until then the engine compiles
    timesInJavaScript.push(inJavaScript);
    timesReused.push(reused);
    timesNatively.push(natively);
  }
  decoder.close();
  reusing.close();
  return {
    stream: name,
    words: bytes.length / 2,
    events,
    nanoseconds: sumOfMiddles(timesInJavaScript),
    reusedNanoseconds: sumOfMiddles(timesReused),
    nativeNanoseconds: sumOfMiddles(timesNatively) - calls * callNanoseconds,
    meanNanoseconds: meanOfSums(timesInJavaScript),
    meanNativeNanoseconds: meanOfSums(timesNatively) - calls * callNanoseconds,
  };
}

function decodeInJavaScript(
  decoder: NativeDecoder,
  bytes: Uint8Array,
): { events: number; buffer: ArrayBuffer | undefined } {
  let events = 0;
  let buffer: ArrayBuffer | undefined;
  for (const packet of decoder.decode(bytes)) {
    events += packet.polarityEvents?.t.length ?? 0;
    buffer = packet.buffer;
  }
  return { events, buffer };
}

/** Of every part the middle of the rounds, which an interruption does not change. */
function sumOfMiddles(rounds: readonly (readonly number[])[]): number {
  return rounds[0]!.reduce((sum, _, part) => sum + middleMean(rounds.map((times) => times[part]!)), 0);
}

function meanOfSums(rounds: readonly (readonly number[])[]): number {
  return rounds.flat().reduce((sum, time) => sum + time, 0) / rounds.length;
}

/** In nanoseconds. The clock of a page is coarse, 5 µs, and rounds up and down alike. */
function timed(work: () => void): number {
  const startMs = performance.now();
  work();
  return 1e6 * (performance.now() - startMs);
}
