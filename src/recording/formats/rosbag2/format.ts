import type { RecordingFormat } from "../../format.ts";

/** The first 16 bytes of an SQLite database. */
const mark = new TextEncoder().encode("SQLite format 3\0");

/**
 * A bag of ROS 2 in an SQLite database (`.db3`), with messages `event_camera_msgs/EventPacket`. Read only; newer ROS writes
 * MCAP. A database refers from anywhere to anywhere, so it needs a file, a Blob or bytes, and no stream.
 */
export const rosbag2: RecordingFormat = {
  name: "rosbag2",
  title: "rosbag2 in SQLite (ROS 2 event_camera_msgs)",
  endings: [".db3"],
  limits: {
    maximumTime: Infinity,
    maximumX: 65_535,
    maximumY: 32_767,
    triggers: { maximumId: 255, pulses: false },
    imu: false,
    frames: false,
    geometry: true,
  },
  matches: (head) => mark.every((byte, index) => head[index] === byte),
  async openReader(files, options) {
    return await (await import("./reader.ts")).openRosbag2(files.main, options);
  },
};
