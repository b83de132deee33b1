/** Opening a long recording, and going to any time in it. */

import { rmSync, statSync } from "node:fs";
import type { Opening } from "./opening_child.ts";
import { fileOf, ownResultOf, runtimes } from "./programs.ts";

/** How a runtime opened a file. */
export interface RecordingOpening {
  readonly name: string;
  readonly openMs: number;
  readonly firstPacketMs: number;
  readonly seekMedianMs: number;
  readonly seek99Ms: number;
  readonly seekLongestMs: number;
}

/** Openings of one file. */
export interface RecordingOpenings {
  readonly bytes: number;
  readonly openings: readonly RecordingOpening[];
}

/** Opens a file under each runtime, before that once without its index. */
export async function measureOpenings(path: string, seeks: number): Promise<RecordingOpenings> {
  rmSync(`${path}.index`, { force: true });
  const openings: RecordingOpening[] = [];
  const all = [...await runtimes()];
  const [[firstRuntime, firstCommand]] = all as [typeof all[number]];
  for (const [name, command] of [[`${firstRuntime}, makes the index`, firstCommand], ...all] as const) {
    const program = { name, command: [...command, fileOf("opening_child.ts"), path, String(seeks)] };
    const { openMs, firstPacketMs, seekMs } = await ownResultOf<Opening>(program);
    const at = (part: number) => seekMs[Math.floor(part * (seekMs.length - 1))]!;
    openings.push({
      name,
      openMs,
      firstPacketMs,
      seekMedianMs: at(0.5),
      seek99Ms: at(0.99),
      seekLongestMs: at(1),
    });
  }
  return { bytes: statSync(path).size, openings };
}

/** Header and rows of a table. */
export function openingsTable({ openings }: RecordingOpenings): [string[], (string | number)[][]] {
  const rows = openings.map(({ name, openMs, firstPacketMs, seekMedianMs, seek99Ms, seekLongestMs }) => [
    name,
    ...[openMs, firstPacketMs, seekMedianMs, seek99Ms, seekLongestMs].map((ms) => ms.toFixed(1)),
  ]);
  return [["", "open ms", "first packet ms", "seek ms, median", "99 % below", "longest"], rows];
}
