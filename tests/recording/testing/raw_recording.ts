/** Small RAW recordings in EVT3, and folders for them. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventRow } from "./rows.ts";

const header = "% evt 3.0\n% format EVT3;height=720;width=1280\n% geometry 1280x720\n% serial_number 00050abc\n% end\n";

/** Bytes of the header of {@link rawFile}. */
export const headerBytes = header.length;

/** An event each `intervalUs`, from `start` on, all over the sensor. */
export function spreadEvents(count: number, { start = 0, intervalUs = 10 } = {}): EventRow[] {
  return Array.from({ length: count }, (_, index) => {
    return [start + index * intervalUs, (index * 37) % 1280, (index * 11) % 720, index % 3 === 0 ? 1 : 0];
  });
}

/** A RAW file with single events of EVT3, four words each: TIME_HIGH, TIME_LOW, ADDR_Y, ADDR_X. */
export function rawFile(events: readonly EventRow[]): Uint8Array<ArrayBuffer> {
  const words = new Uint16Array(4 * events.length);
  for (const [index, [t, x, y, on]] of events.entries()) {
    words.set([0x8000 | (t >> 12 & 0xfff), 0x6000 | (t & 0xfff), y, 0x2000 | on << 11 | x], 4 * index);
  }
  return new Uint8Array([...new TextEncoder().encode(header), ...new Uint8Array(words.buffer)]);
}

/** Runs with an empty folder, which is removed afterwards. */
export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_recordings_"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes {@link rawFile} into a folder, and returns its path. */
export function writeRawFile(folder: string, events: readonly EventRow[], name = "events.raw"): string {
  const path = join(folder, name);
  writeFileSync(path, rawFile(events));
  return path;
}
