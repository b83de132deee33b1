import type { RecordingFormat } from "../../format.ts";

/** What every AEDAT file begins with, up to the major version. */
const mark = new TextEncoder().encode("#!AER-DAT4");

/**
 * AEDAT 4 of iniVation's DV: packets of events, triggers, IMU samples and frames, each compressed for itself.
 *
 * Reads all of these, packed with LZ4 or Zstandard or not at all; also recordings of programs that were killed. Writes
 * events and triggers with LZ4, as dv-processing does. A trigger has no number of its input, so it must be 0.
 */
export const aedat4: RecordingFormat = {
  name: "aedat4",
  title: "AEDAT 4 (iniVation DV)",
  endings: [".aedat4"],
  limits: {
    maximumTime: Infinity,
    maximumX: 32_767,
    maximumY: 32_767,
    triggers: { maximumId: 0, pulses: true },
    imu: false,
    frames: false,
    geometry: true,
  },
  matches: (head) => mark.every((byte, index) => head[index] === byte),
  async openReader(files, options) {
    return (await import("./reader.ts")).openAedat4(files.main, options);
  },
  async openWriter(files, options) {
    return (await import("./writer.ts")).writeAedat4(files.main, options);
  },
};
