/** What OpenEB's own facilities did to a sensor's registers, call by call. The recordings are not part of the project. */

import { readFileSync } from "node:fs";
import type { Write } from "./played_sensor.ts";

/** A call of OpenEB's interface, and what reached the board. */
export interface RecordedCall {
  /** The call as the recording names it: `"afk set_frequency_band 80 130"`. */
  readonly name: string;
  /** What it returned; undefined where it threw. */
  readonly result: string | undefined;
  readonly writes: readonly Write[];
}

export function readCalls(folder: URL, part: string): readonly RecordedCall[] {
  const text = readFileSync(new URL(`imx636__${part}.txt`, folder), "utf-8");
  return text.split(/^# /m).slice(1).map((block) => {
    const [name, ...lines] = block.trimEnd().split("\n");
    const result = lines.find((line) => line.startsWith("= "))?.slice(2);
    return { name: name!, result, writes: lines.flatMap(writeOf) };
  });
}

/** The words that an unchanged opening does not write, but the one with another format does. */
export function readAddedWrites(folder: URL, part: string): readonly Write[] {
  const lines = readFileSync(new URL(`imx636__${part}.diff.txt`, folder), "utf-8").split("\n");
  return lines.filter((line) => line.startsWith("+")).flatMap((line) => writeOf(line.slice(1)));
}

/** The words of the trail filter for each threshold of whole milliseconds. */
export interface TrailWords {
  readonly threshold_ms: number;
  readonly trail: Readonly<Record<string, string>>;
  readonly stc_keep: Readonly<Record<string, string>>;
}

export function readTrailWords(folder: URL): readonly TrailWords[] {
  return JSON.parse(readFileSync(new URL("../imx636_stc_words.json", folder), "utf-8")).thresholds;
}

function writeOf(line: string): Write[] {
  const [, address, word] = /^W 0 0x([0-9A-F]{8}) 0x([0-9A-F]{8})$/.exec(line) ?? [];
  return address === undefined ? [] : [[parseInt(address, 16), parseInt(word!, 16)]];
}
