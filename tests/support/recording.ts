import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file that a test has made. */
export interface Recording {
  readonly path: string;
  /** Removes it and its folder. */
  remove(): void;
}

/** A RAW file of these words of EVT3. */
export function writeRecording(words: readonly number[]): Recording {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_recording_"));
  const path = join(folder, "recording.raw");
  const header = new TextEncoder().encode("% evt 3.0\n% end\n");
  writeFileSync(path, new Uint8Array([...header, ...new Uint8Array(new Uint16Array(words).buffer)]));
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
