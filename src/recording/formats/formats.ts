import type { RecordingFormat } from "../format.ts";
import { aedat2 } from "./aedat2/format.ts";
import { aedat3 } from "./aedat3/format.ts";
import { aedat4 } from "./aedat4/format.ts";
import { arrow } from "./arrow/format.ts";
import { csv } from "./csv/format.ts";
import { dat } from "./dat/format.ts";
import { es } from "./es/format.ts";
import { hdf5 } from "./hdf5/format.ts";
import { mcap } from "./mcap/format.ts";
import { npy, npz } from "./npy/format.ts";
import { rawEvt2, rawEvt21, rawEvt3, rawEvt4 } from "./raw/formats.ts";
import { rosbag2 } from "./rosbag2/format.ts";

/** All formats, in the order in which a file is tried: those with a mark of their own first. */
export const formats: readonly RecordingFormat[] = [
  aedat2,
  aedat3,
  aedat4,
  hdf5,
  mcap,
  rosbag2,
  arrow,
  es,
  npy,
  npz,
  rawEvt3,
  rawEvt2,
  rawEvt21,
  rawEvt4,
  dat,
  csv,
];
