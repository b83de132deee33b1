import type { RecordingFormat } from "../../format.ts";

/** HDF5's signature. */
const mark = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * HDF5 as Metavision writes it: events packed with Prophesee's ECF, or as they are, and triggers. Also the layout of the
 * DSEC data set, packed with Blosc or deflate or not at all. Read only. HDF5 refers from anywhere to anywhere, so it needs
 * a file, a Blob or bytes, and no stream.
 */
export const hdf5: RecordingFormat = {
  name: "hdf5",
  title: "HDF5 (Metavision, DSEC)",
  endings: [".hdf5", ".h5"],
  limits: {
    maximumTime: Infinity,
    maximumX: 65_535,
    maximumY: 65_535,
    triggers: { maximumId: 255, pulses: false },
    imu: false,
    frames: false,
    geometry: true,
  },
  matches: (head) => mark.every((byte, index) => head[index] === byte),
  async openReader(files, options) {
    return (await import("./reader.ts")).openHdf5(files.main, options);
  },
};
