import type { RecordingFormat } from "../../format.ts";
import { startsWith } from "../shared/starts_with.ts";

/** The first bytes of a file. */
export const magic = "#!AER-DAT3";

/**
 * AEDAT 3.1, as cAER and early DV wrote it, for example the DVS128 Gesture dataset. Valid polarity events are read, and the
 * edges and pulses of the external inputs 0 to 2 as triggers; frames and samples of the IMU are passed over. A file does not
 * tell the size of its sensor. After a reset of the camera's clock, times go on from the last one.
 */
export const aedat3: RecordingFormat = {
  name: "aedat3",
  title: "AEDAT 3.1",
  endings: [".aedat"],
  limits: {
    maximumTime: Infinity,
    maximumX: 32_767,
    maximumY: 32_767,
    triggers: { maximumId: 2, pulses: true },
    imu: false,
    frames: false,
    geometry: false,
  },
  matches: (head) => startsWith(head, magic),
  async openReader(files, options) {
    return await (await import("./reader.ts")).openAedat3Reader(files, options);
  },
};
