/** Events as bytes of each format. */

import type { Encoding } from "./encoding_child.ts";
import { fileOf, ownResultOf, runtimes } from "./programs.ts";

/** How fast a runtime encodes. */
export interface RecordingEncodings {
  readonly runtime: string;
  readonly encodings: readonly Encoding[];
}

/** Encodes the first events of a recording under each runtime. */
export async function measureEncodings(path: string, events: number, rounds: number): Promise<RecordingEncodings[]> {
  const measured: RecordingEncodings[] = [];
  for (const [runtime, command] of await runtimes()) {
    const parameters = [fileOf("encoding_child.ts"), path, String(events), String(rounds)];
    const encodings = await ownResultOf<Encoding[]>({ name: runtime, command: [...command, ...parameters] });
    measured.push({ runtime, encodings });
  }
  return measured;
}

/** Header and rows of a table. */
export function encodingsTable(measured: readonly RecordingEncodings[]): [string[], (string | number)[][]] {
  const [{ encodings: formats }] = measured as [RecordingEncodings];
  const rows = formats.map(({ format, bytesPerEvent }, index) => [
    format,
    bytesPerEvent.toFixed(2),
    ...measured.map(({ encodings }) => encodings[index]!.megaeventsPerSecond.toFixed(0)),
  ]);
  return [["format", "bytes/event", ...measured.map(({ runtime }) => `${runtime} Mev/s`)], rows];
}
