import type { RecordingFormat } from "../../format.ts";
import { startsWith } from "../shared/starts_with.ts";

/** The first bytes of a file. */
export const magic = "Event Stream";

/**
 * Event Stream 2, the format of faery and of the package event_stream. Files of DVS events are read and written; of an ATIS
 * file the changes are read, and its exposure measurements are left out. Color and generic files have no polarity and are
 * refused.
 *
 * Its times begin at 0: a file has one byte for each 127 µs without an event, also before the first one, so times are limited
 * to a day. It counts rows upwards, which reading and writing turn. It has no triggers.
 */
export const es: RecordingFormat = {
  name: "es",
  title: "Event Stream",
  endings: [".es"],
  limits: {
    maximumTime: 86_400_000_000,
    maximumX: 65_534,
    maximumY: 65_534,
    triggers: undefined,
    imu: false,
    frames: false,
    geometry: true,
  },
  matches: (head) => startsWith(head, magic),
  async openReader(files, options) {
    return await (await import("./reader.ts")).openEsReader(files, options);
  },
  async openWriter(files, options) {
    return await (await import("./writer.ts")).openEsWriter(files, options);
  },
};
