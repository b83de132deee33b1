/**
 * Measures the decoder as programs call it, in the runtime that runs it and with the kernel of the environment, and
 * prints JSON. `decoder.ts` runs it.
 *
 *     decoder_child.ts ROUNDS FILE.raw …
 *
 * The same bytes go by turns through `createDecoder().decode` and straight to the native function, into the same memory;
 * the difference, and what a native call costs that has nothing to decode, is the price of JavaScript.
 */

import { basename } from "node:path";
import process from "node:process";
import { decoderInfo } from "../../mod.ts";
import { NativeDecoder } from "../../src/decoder/native_decoder.ts";
import { packetCapacity } from "../../src/decoder/packet_capacity.ts";
import { readOptions } from "../../src/decoder/read_options.ts";
import { layoutFor } from "../../src/packets/layout.ts";
import { blockIndex, blockLength, loadLibrary } from "../../src/native/library.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { median } from "./measure.ts";

/** One stream through one kernel in one runtime. */
export interface ThroughJavaScript {
  readonly stream: string;
  readonly words: number;
  readonly events: number;
  /** Of `decode`, for the whole stream. */
  readonly nanoseconds: number;
  /** Of the native calls alone, without the way there and back. */
  readonly nativeNanoseconds: number;
  /** The same two as means, with what the median leaves out: garbage collections, but also other programs. */
  readonly meanNanoseconds: number;
  readonly meanNativeNanoseconds: number;
}

/** What the child prints. */
export interface ChildReport {
  readonly kernel: string;
  /** Of a native call that has nothing to decode. */
  readonly callNanoseconds: number;
  readonly streams: readonly ThroughJavaScript[];
}

/** A USB transfer. */
const inputLength = 128 << 10;

const reportIndex = blockIndex("report");
const library = await loadLibrary();
const report = new Float64Array(blockLength("report"));
const columnsLength = layoutFor(packetCapacity).byteLength;
const room = readOptions(packetCapacity, 0);
const nothing = new Uint8Array(8);

/** Of WebAssembly, whose functions write into memory of its own; packets of `decode` are copies there. */
const staging = library.stage?.(columnsLength);

/** One call of the library's function, which may use up only a part of the bytes; returns how many. */
function callNative(handle: number, bytes: Uint8Array, length: number, columns: Uint8Array): number {
  const to = staging?.bytes ?? columns;
  const status = library.symbols.nd_decoder_decode(handle, bytes, length, to, room, report);
  library.check(status, "decode");
  return report[reportIndex.consumed_bytes]!;
}

/** Returns how many calls that took. */
function decodeNatively(handle: number, bytes: Uint8Array, columns: Uint8Array): number {
  let calls = 0;
  for (let rest = bytes; rest.length > 0; calls++) rest = rest.subarray(callNative(handle, rest, rest.length, columns));
  return calls;
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

/** Of every part the median over the rounds, which an interruption does not change. */
function sumOfMedians(rounds: readonly (readonly number[])[]): number {
  return rounds[0]!.reduce((sum, _, part) => sum + median(rounds.map((times) => times[part]!)), 0);
}

function meanOfSums(rounds: readonly (readonly number[])[]): number {
  return rounds.flat().reduce((sum, time) => sum + time, 0) / rounds.length;
}

function measureStream(path: string, rounds: number, callNanoseconds: number): ThroughJavaScript {
  const bytes = wordsOfRawFile(path);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += inputLength) {
    parts.push(bytes.subarray(start, start + inputLength));
  }
  const decoder = new NativeDecoder(library, { format: "evt3", width: 1280, height: 720 });
  // A packet with few events has a buffer of its own; this is for streams that end with one.
  const ownColumns = new Uint8Array(columnsLength);
  const timesInJavaScript: number[][] = [];
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
    decoder.reset();
    const columns = buffer?.byteLength === columnsLength ? new Uint8Array(buffer) : ownColumns;
    const natively = parts.map((part) =>
      timed(() => {
        calls += decodeNatively(decoder.handle, part, columns);
      })
    );
    if (round < 0) continue; // until then the runtime compiles
    timesInJavaScript.push(inJavaScript);
    timesNatively.push(natively);
  }
  decoder.close();
  return {
    stream: basename(path, ".raw"),
    words: bytes.length / 2,
    events,
    nanoseconds: sumOfMedians(timesInJavaScript),
    nativeNanoseconds: sumOfMedians(timesNatively) - calls * callNanoseconds,
    meanNanoseconds: meanOfSums(timesInJavaScript),
    meanNativeNanoseconds: meanOfSums(timesNatively) - calls * callNanoseconds,
  };
}

function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start);
}

/** What a call costs that decodes nothing: a thousand at a time, for the clock is coarser than one. */
function measureCall(): number {
  const decoder = new NativeDecoder(library, { format: "evt3", width: 1280, height: 720 });
  const columns = new Uint8Array(columnsLength);
  const times = Array.from({ length: 51 }, () =>
    timed(() => {
      for (let count = 0; count < 1000; count++) callNative(decoder.handle, nothing, 0, columns);
    }));
  decoder.close();
  return median(times) / 1000;
}

const [rounds, ...paths] = process.argv.slice(2);
const callNanoseconds = measureCall();
const childReport: ChildReport = {
  kernel: (await decoderInfo()).kernel,
  callNanoseconds,
  streams: paths.map((path) => measureStream(path, Number(rounds), callNanoseconds)),
};
console.log(JSON.stringify(childReport));
