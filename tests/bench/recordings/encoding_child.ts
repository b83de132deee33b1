/** Encodes the first events of a recording in each format, and prints how fast: `encoding_child.ts FILE EVENTS ROUNDS`. */

import process from "node:process";
import { createEncoder, type EncodedFormat, openRecording, type PolarityEvents } from "../../../mod.ts";
import { median } from "../measure.ts";

/** How fast events become bytes of a format. */
export interface Encoding {
  readonly format: EncodedFormat;
  readonly events: number;
  readonly megaeventsPerSecond: number;
  readonly bytesPerEvent: number;
}

const [path, most, rounds] = process.argv.slice(2);
const formats: readonly EncodedFormat[] = ["evt3", "evt2", "evt21"];

const packets: PolarityEvents[] = [];
let events = 0;
await using recording = await openRecording(path!);
for await (const { packet: { polarityEvents } } of recording) {
  if (polarityEvents === undefined) continue;
  packets.push(polarityEvents);
  events += polarityEvents.t.length;
  if (events >= Number(most)) break;
}

async function encode(format: EncodedFormat): Promise<Encoding> {
  using encoder = await createEncoder({ format, width: 1280, height: 720 });
  const seconds: number[] = [];
  let bytes = 0;
  for (let round = 0; round <= Number(rounds); round++) { // the first one is not counted
    encoder.reset();
    bytes = 0;
    const startMs = performance.now();
    for (const polarityEvents of packets) bytes += encoder.encode({ polarityEvents }).length;
    if (round > 0) seconds.push((performance.now() - startMs) / 1e3);
  }
  return { format, events, megaeventsPerSecond: events / median(seconds) / 1e6, bytesPerEvent: bytes / events };
}

const encodings: Encoding[] = [];
for (const format of formats) encodings.push(await encode(format));
console.log(JSON.stringify(encodings));
