/** What every reader must do with files of its format, whole and damaged. */

import assert from "node:assert/strict";
import { NeuromorphicError } from "../../../src/errors.ts";
import type { FormatWriteOptions, RecordingFormat } from "../../../src/recording/format.ts";
import { MemoryFiles } from "../../../src/recording/memory_sink.ts";
import type { SinkFiles } from "../../../src/recording/sink.ts";
import type { Packet } from "../../../src/packets/packet.ts";
import { type Content, readAll, type ReadResult } from "./events.ts";
import { memoryFiles } from "./memory_source.ts";

/** Writes packets into memory, and returns the file. */
export async function written(
  format: RecordingFormat,
  packets: Iterable<Packet>,
  options: FormatWriteOptions,
  change: (files: MemoryFiles) => SinkFiles = (files) => files,
): Promise<Uint8Array> {
  const files = new MemoryFiles("a");
  const writer = await format.openWriter!(change(files), options);
  for (const packet of packets) await writer.write(packet);
  assert.equal(files.complete.size, 0, "nothing is complete before the end");
  await writer.close();
  await writer.abort();
  return files.complete.get("a")!;
}

/** Files as a stream takes them: nothing can be written over. */
export function asStream(files: MemoryFiles): SinkFiles {
  const { main } = files;
  return {
    main: {
      name: main.name,
      get position() {
        return main.position;
      },
      isSeekable: false,
      write: (bytes) => main.write(bytes),
      writeAt: () => Promise.reject(new Error("a stream cannot be written over")),
      close: () => main.close(),
      abort: () => main.abort(),
    },
    sibling: () => Promise.resolve(undefined),
  };
}

/** What reading some bytes comes to; an error of opening them is a part of the result. */
export async function outcome(format: RecordingFormat, bytes: Uint8Array, isStream = false): Promise<ReadResult> {
  try {
    return await readAll(format, memoryFiles({ "a": bytes }, { isStream }));
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
    return { events: [], triggers: [], geometry: undefined, header: {}, outOfSensor: 0, bytes: 0, error };
  }
}

/** Where a recording has gaps: before which event of all, and what is missing. */
export async function gapsOf(format: RecordingFormat, bytes: Uint8Array) {
  const reader = await format.openReader!(memoryFiles({ "a": bytes }), {});
  const found: { event: number; droppedBytes: number; droppedTransfers: number }[] = [];
  let events = 0;
  try {
    for await (const { packet, gaps } of reader.read()) {
      for (const { polarityEventIndex, droppedBytes, droppedTransfers } of gaps) {
        found.push({ event: events + polarityEventIndex, droppedBytes, droppedTransfers });
      }
      events += packet.polarityEvents?.t.length ?? 0;
    }
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
  }
  await reader.close();
  return found;
}

/**
 * Cuts a file at every byte. Each must end with an error that tells path and offset, or quietly where the format has no
 * end mark, and give a beginning of the events and nothing else.
 *
 * @returns At which lengths there was no error.
 */
export async function cutEverywhere(format: RecordingFormat, bytes: Uint8Array, whole: Content): Promise<number[]> {
  const quiet: number[] = [];
  for (let length = 0; length < bytes.length; length++) {
    for (const isStream of [false, true]) {
      const { events, triggers, error } = await outcome(format, bytes.slice(0, length), isStream);
      assertBeginning(events, whole.events, `events of ${length} bytes`);
      assertBeginning(triggers, whole.triggers, `triggers of ${length} bytes`);
      if (error === undefined) {
        if (!isStream) quiet.push(length);
        continue;
      }
      assert.ok(error instanceof NeuromorphicError, `${length} bytes: ${error}`);
      assert.equal(error.path, "a");
      if (error.code === "unsupported" && isStream) continue;
      assert.equal(error.code, "damaged", `${length} bytes: ${error.message}`);
      assert.ok(error.offset! >= 0 && error.offset! <= length, `${length} bytes: ${error.message}`);
    }
  }
  return quiet;
}

function assertBeginning(part: readonly unknown[], whole: readonly unknown[], what: string): void {
  assert.deepEqual(part, whole.slice(0, part.length), what);
}

/** Flips bits at random: reading must end, with a typed error or without one. */
export async function flipEverywhere(
  format: RecordingFormat,
  bytes: Uint8Array,
  flips: (at: number) => readonly number[],
): Promise<void> {
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of flips(at)) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << bit;
      const { error } = await outcome(format, flipped);
      if (error === undefined) continue;
      const where = `bit ${bit} of byte ${at}`;
      assert.ok(error instanceof NeuromorphicError, `${where}: ${error instanceof Error ? error.stack : error}`);
      assert.ok(error.code === "damaged" || error.code === "unsupported", `${where}: ${error.message}`);
    }
  }
}
