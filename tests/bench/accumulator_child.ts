/**
 * Measures accumulators in the runtime that runs it, and prints JSON. `accumulator.ts` runs it.
 *
 *     accumulator_child.ts ROUNDS native|wasm FILE.raw …
 *
 * Each way takes the same transfers by turns. What counts is the processor's time, which other programs change less than
 * the clock on the wall.
 */

import { basename } from "node:path";
import process from "node:process";
import { type Accumulator, createAccumulator, createDecoder, type Decoder } from "../../mod.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { median } from "./measure.ts";

/** One stream in one runtime: nanoseconds of the processor, for the whole stream. */
export interface AccumulatorTimes {
  readonly stream: string;
  readonly bytes: number;
  readonly events: number;
  /** To packets, and no further. */
  readonly decoded: number;
  /** To packets, and these into a picture. */
  readonly packets: number;
  /** Straight from bytes into a picture of last events, or of counts. */
  readonly lastEvents: number;
  readonly counts: number;
  /** Of drawing one picture at the end of the stream: the last events in two ways, and the counts. */
  readonly drawnDecay: number;
  readonly drawnWindow: number;
  readonly drawnCounts: number;
}

/** A USB transfer. */
const inputLength = 128 << 10;
const sensor = { width: 1280, height: 720 };
const tauUs = 30_000;

/** Calls for one measurement, since the processor's time is told in µs. */
const pictures = 10;

interface Way {
  readonly decoder: Decoder;
  readonly accumulator: Accumulator;
  readonly run: (part: Uint8Array) => void;
}

async function wayOf(
  kind: "decay" | "count",
  run: (part: Uint8Array, decoder: Decoder, accumulator: Accumulator) => void,
): Promise<Way> {
  const decoder = await createDecoder({ format: "evt3", ...sensor, reuseBuffers: true });
  const accumulator = await createAccumulator(kind === "decay" ? { kind, ...sensor, tauUs } : { kind, ...sensor });
  return { decoder, accumulator, run: (part) => run(part, decoder, accumulator) };
}

function processorNanoseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return 1000 * (user + system);
}

async function measureStream(path: string, rounds: number): Promise<AccumulatorTimes> {
  const bytes = wordsOfRawFile(path);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += inputLength) {
    parts.push(bytes.subarray(start, start + inputLength));
  }
  const ways = {
    decoded: await wayOf("decay", (part, decoder) => {
      for (const _ of decoder.decode(part));
    }),
    packets: await wayOf("decay", (part, decoder, accumulator) => {
      for (const packet of decoder.decode(part)) accumulator.add(packet);
    }),
    lastEvents: await wayOf("decay", (part, decoder, accumulator) => accumulator.addBytes(part, decoder)),
    counts: await wayOf("count", (part, decoder, accumulator) => accumulator.addBytes(part, decoder)),
  };
  const entries = Object.entries(ways);
  const drawings = {
    drawnDecay: () => ways.lastEvents.accumulator.image(),
    drawnWindow: () => ways.lastEvents.accumulator.image({ kind: "window" }),
    drawnCounts: () => ways.counts.accumulator.image(),
  };
  const names = [...Object.keys(ways), ...Object.keys(drawings)];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  for (let round = -2; round < rounds; ++round) { // two to warm up
    const turns = round % 2 === 0 ? entries : entries.toReversed();
    for (const [name, { decoder, run }] of turns) {
      decoder.reset();
      const time = processorNanoseconds(() => parts.forEach(run));
      if (round >= 0) times[name]!.push(time);
    }
    for (const [name, draw] of Object.entries(drawings)) {
      const time = processorNanoseconds(() => {
        for (let picture = 0; picture < pictures; ++picture) draw();
      });
      if (round >= 0) times[name]!.push(time / pictures);
    }
  }

  const { polarityEvents: events } = ways.lastEvents.decoder.statistics;
  for (const { decoder, accumulator } of Object.values(ways)) {
    decoder.close();
    accumulator.close();
  }
  const medians = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
  return { stream: basename(path, ".raw"), bytes: bytes.length, events, ...medians } as AccumulatorTimes;
}

const [rounds, library, ...paths] = process.argv.slice(2);
if (library === "wasm") await import("../support/web_assembly.ts");
const streams: AccumulatorTimes[] = [];
for (const path of paths) streams.push(await measureStream(path, Number(rounds)));
console.log(JSON.stringify(streams));
