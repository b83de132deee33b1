import type { EncodedFormat } from "../../../encoder/encoder.ts";
import { encoderLimits } from "../../../encoder/limits.ts";
import type { FormatLimits, RecordingFormat } from "../../format.ts";
import { encodingOf, type RawEncoding } from "./encoding.ts";
import { parseRawHeader } from "./header.ts";

/** Prophesee RAW with words of EVT3, as most cameras send them: 16 bits each. */
export const rawEvt3: RecordingFormat = {
  name: "raw-evt3",
  title: "Prophesee RAW, EVT3",
  endings: [".raw"],
  limits: limits("evt3"),
  matches: (head) => hasEncoding(head, "EVT3"),
  openReader: async (files, options) => (await import("./reader.ts")).openRaw(files, options, "EVT3"),
  openWriter: async (files, options) => (await import("./writer.ts")).openRawWriter(files, options, "evt3"),
};

/** Prophesee RAW with words of EVT2: 32 bits for each event. */
export const rawEvt2: RecordingFormat = {
  name: "raw-evt2",
  title: "Prophesee RAW, EVT2",
  endings: [".raw"],
  limits: limits("evt2"),
  matches: (head) => hasEncoding(head, "EVT2"),
  openReader: async (files, options) => (await import("./reader.ts")).openRaw(files, options, "EVT2"),
  openWriter: async (files, options) => (await import("./writer.ts")).openRawWriter(files, options, "evt2"),
};

/**
 * Prophesee RAW with words of EVT2.1: 64 bits for up to 32 events of a row, in either order of their halves. What is
 * written has the upper half first, as sensors send it, but where `endianness` is `"little"` in the writer's `header`.
 */
export const rawEvt21: RecordingFormat = {
  name: "raw-evt21",
  title: "Prophesee RAW, EVT2.1",
  endings: [".raw"],
  limits: limits("evt21"),
  matches: (head) => hasEncoding(head, "EVT21"),
  openReader: async (files, options) => (await import("./reader.ts")).openRaw(files, options, "EVT21"),
  openWriter: async (files, options) => (await import("./writer.ts")).openRawEvt21Writer(files, options),
};

/** Prophesee RAW with words of EVT4: 32 bits for an event, 64 for up to 32 events of a row. It is read only. */
export const rawEvt4: RecordingFormat = {
  name: "raw-evt4",
  title: "Prophesee RAW, EVT4",
  endings: [".raw"],
  limits: limits("evt2"),
  matches: (head) => hasEncoding(head, "EVT4"),
  openReader: async (files, options) => (await import("./reader.ts")).openRaw(files, options, "EVT4"),
};

/** Each encoding has 11 bits for columns and rows. Cameras' times wrap, and go on; what is written stays below that. */
function limits(format: EncodedFormat): FormatLimits {
  const { maximumTime, maximumTriggerId: maximumId } = encoderLimits[format];
  return {
    maximumTime,
    maximumX: 2047,
    maximumY: 2047,
    triggers: { maximumId, pulses: false },
    imu: false,
    frames: false,
    geometry: true,
  };
}

function hasEncoding(head: Uint8Array, encoding: RawEncoding): boolean {
  return encodingOf(parseRawHeader(head, false).fields)?.encoding === encoding;
}
