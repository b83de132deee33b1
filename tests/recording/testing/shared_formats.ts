/** Recordings by other programs, with what a reader shall get of them. */

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Content, EventList, TriggerList } from "./events.ts";
import { sharedFile } from "../../support/shared.ts";

/** A file that another program wrote. */
export interface SharedRecording {
  readonly file: string;
  readonly format: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly expected_events?: string | null;
  readonly expected_triggers?: string | null;
  readonly expected_json?: string;
  readonly time_offset?: number;
  readonly layout?: string;
  readonly note?: string;
}

/** A damaged or foreign file. */
export interface WrongRecording {
  readonly file: string;
  readonly format: string;
  readonly events_before: number | null;
  readonly reader_should: string;
}

const manifest = sharedFile("data/formats/manifest.json");

/** Why the files cannot be read here. */
export const skipWithoutFiles: string | undefined = manifest.skip;

/** The files of some formats, by the beginning of what the manifest calls them. None where they are absent. */
export function sharedRecordings(...formats: readonly string[]): readonly SharedRecording[] {
  return entriesOf<SharedRecording>("manifest.json", formats);
}

/** The damaged files of some formats. */
export function wrongRecordings(...formats: readonly string[]): readonly WrongRecording[] {
  return entriesOf<WrongRecording>("wrong.json", formats);
}

function entriesOf<Entry extends { readonly format: string }>(
  name: string,
  formats: readonly string[],
): readonly Entry[] {
  const index = sharedFile(`data/formats/${name}`);
  if (index.skip !== undefined) return [];
  const { files } = JSON.parse(readFileSync(index.path, "utf8")) as { readonly files: readonly Entry[] };
  return files.filter(({ format }) => formats.some((wanted) => format.startsWith(wanted)));
}

/** A file and those beside it, as `memoryFiles` takes them. */
export function bytesOfShared(file: string, ...beside: readonly string[]): Record<string, Uint8Array> {
  return Object.fromEntries(
    [file, ...beside].map((name) => [basename(name), readFileSync(sharedFile(`data/formats/${name}`).path)]),
  );
}

/** The lists that a reader shall get; those that the manifest does not name are empty. */
export function expectedOf(entry: SharedRecording): Content {
  return {
    events: entry.expected_events ? expectedEvents(entry.expected_events) : [],
    triggers: entry.expected_triggers ? expectedTriggers(entry.expected_triggers) : [],
  };
}

/** A list of events. */
export function expectedEvents(name: string): EventList {
  const view = viewOf(name);
  return Array.from({ length: view.byteLength / 13 }, (_, i) => [
    Number(view.getBigUint64(13 * i, true)),
    view.getUint16(13 * i + 8, true),
    view.getUint16(13 * i + 10, true),
    view.getUint8(13 * i + 12),
  ]);
}

/** A list of triggers. */
export function expectedTriggers(name: string): TriggerList {
  const view = viewOf(name);
  return Array.from({ length: view.byteLength / 10 }, (_, i) => [
    Number(view.getBigUint64(10 * i, true)),
    view.getUint8(10 * i + 8),
    view.getUint8(10 * i + 9),
  ]);
}

function viewOf(name: string): DataView {
  const bytes = readFileSync(sharedFile(`data/formats/${name}`).path);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
