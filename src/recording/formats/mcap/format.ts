import type { RecordingFormat } from "../../format.ts";

/** MCAP's magic, up to its version. */
const mark = [0x89, 0x4d, 0x43, 0x41, 0x50];

/** The last second that a ROS time can hold is 2^31 - 1. */
const maximumTime = 2 ** 31 * 1e6 - 1;

/**
 * MCAP with messages `event_camera_msgs/EventPacket`, as ROS 2 records them. Reads the encodings `evt3`, `mono` and
 * `trigger`, and also files of programs that were killed. Writes `mono`, and triggers to a topic of their own.
 */
export const mcap: RecordingFormat = {
  name: "mcap",
  title: "MCAP (ROS 2 event_camera_msgs)",
  endings: [".mcap"],
  limits: {
    maximumTime,
    maximumX: 65_535,
    maximumY: 32_767,
    triggers: { maximumId: 255, pulses: false },
    imu: false,
    frames: false,
    geometry: true,
  },
  matches: (head) => mark.every((byte, index) => head[index] === byte),
  async openReader(files, options) {
    return await (await import("./reader.ts")).openMcap(files.main, options);
  },
  async openWriter(files, options) {
    return await (await import("./writer.ts")).writeMcap(files.main, options);
  },
};
