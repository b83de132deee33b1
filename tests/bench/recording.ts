/**
 * `deno task bench:recording`: recordings of EVT3, under each runtime.
 *
 * - Reading from the page cache into columns, in one thread and in two, beside readers of other projects, which come from
 *   PyPI in pinned versions where Python has pip. All read the same file in turns, each in a process of its own; the time
 *   is that from opening the file to its last event.
 * - Opening a long file, and seeks to random times in it. The other readers begin at the beginning.
 * - Encoding events that lie in memory.
 *
 *     --file FILE       the recording to read (default: one made of the shared recording, or of made words without that)
 *     --megabytes M     how large a made one is (default 400)
 *     --gigabytes G     how large the long one is (default 4)
 *     --rounds N        how often each reads (default 3)
 *     --quick           little to do: for a test
 *     --json FILE       writes the report there
 *     --markdown        tables for a document
 *     --update          puts the tables into tests/bench/README.md
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDecoder, createEncoder } from "../../mod.ts";
import { readOptions } from "../../scripts/arguments.ts";
import { say } from "../../scripts/progress.ts";
import { writeLongRecording } from "../recording/testing/long_recording.ts";
import { scene } from "../recording/testing/seeks.ts";
import { Random } from "../support/random.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { sharedFile } from "../support/shared.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { replaceBetweenMarks } from "./document.ts";
import { markdownTable, table } from "./measure.ts";
import { encodingsTable, measureEncodings, type RecordingEncodings } from "./recordings/encoding.ts";
import { measureOpenings, openingsTable, type RecordingOpenings } from "./recordings/opening.ts";
import { compareReaders, readingsTable, type RecordingReadings } from "./recordings/reading.ts";

const values = readOptions(import.meta, {
  file: { type: "string" },
  megabytes: { type: "string", default: "400" },
  gigabytes: { type: "string", default: "4" },
  rounds: { type: "string", default: "3" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
  update: { type: "boolean", default: false },
});

/** The report of `--json`. */
export interface RecordingReport {
  readonly reading: RecordingReadings;
  readonly opening: RecordingOpenings;
  readonly encoding: readonly RecordingEncodings[];
}

/** The words that a file is made of, from a TIME_HIGH on. */
async function madeWords(): Promise<Uint16Array> {
  const { path, skip } = sharedFile("data/evt3_gen41.raw");
  if (skip !== undefined) return await asEveryReaderTakesIt(scene(new Random(1), 20_000));
  const bytes = wordsOfRawFile(path);
  const words = new Uint16Array(bytes.slice(0, bytes.length & ~1).buffer);
  return words.subarray(words.findIndex((word) => word >> 12 === 8));
}

/**
 * The same events as every reader takes them: without single words of vectors, which two take for others, and without
 * triggers, at which one ends.
 */
async function asEveryReaderTakesIt(words: Uint16Array): Promise<Uint16Array> {
  const options = { format: "evt3", width: 1280, height: 720 } as const;
  using decoder = await createDecoder(options);
  using encoder = await createEncoder(options);
  const packets = decoder.decode(new Uint8Array(words.buffer));
  const parts = Array.from(packets, ({ polarityEvents }) => encoder.encode({ polarityEvents }).slice());
  return new Uint16Array(await new Blob(parts).arrayBuffer());
}

async function measureAll(folder: string): Promise<RecordingReport> {
  const words = await madeWords();
  const path = values.file ?? join(folder, "a.raw");
  if (values.file === undefined) writeLongRecording(path, words, values.quick ? 4e6 : 1e6 * Number(values.megabytes));
  const reading = await compareReaders(path, values.quick ? 1 : Number(values.rounds));
  say("encoding");
  const encoding = await measureEncodings(path, values.quick ? 1e5 : 1e7, values.quick ? 1 : 5);
  say("opening a long recording");
  const long = join(folder, "long.raw");
  writeLongRecording(long, words, values.quick ? 2e7 : 1e9 * Number(values.gigabytes));
  const opening = await measureOpenings(long, values.quick ? 5 : 200);
  return { reading, opening, encoding };
}

function tables({ reading, opening, encoding }: RecordingReport, isMarkdown: boolean): string[] {
  const as = isMarkdown ? markdownTable : table;
  return [
    `Reading ${(reading.bytes / 1e6).toFixed(0)} MB of EVT3:`,
    as(...readingsTable(reading)),
    `Opening ${(opening.bytes / 1e9).toFixed(1)} GB of EVT3, and seeks to random times:`,
    as(...openingsTable(opening)),
    "Encoding:",
    as(...encodingsTable(encoding)),
  ];
}

const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bench_"));
try {
  const at = formatConditions(conditions());
  const report = await measureAll(folder);
  console.log([at, ...tables(report, values.markdown)].join("\n\n"));
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report));
  if (values.update) replaceBetweenMarks("bench:recording", [at, ...tables(report, true)]);
} finally {
  rmSync(folder, { recursive: true });
}
