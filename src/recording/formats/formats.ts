import type { RecordingFormat } from "../format.ts";
import { aedat2 } from "./aedat2/format.ts";
import { aedat3 } from "./aedat3/format.ts";
import { csv } from "./csv/format.ts";
import { dat } from "./dat/format.ts";
import { es } from "./es/format.ts";
import { npy, npz } from "./npy/format.ts";
import { rawEvt2, rawEvt21, rawEvt3 } from "./raw/formats.ts";

/** All formats, in the order in which a file is tried: those with a mark of their own first. */
export const formats: readonly RecordingFormat[] = [
  aedat2,
  aedat3,
  es,
  npy,
  npz,
  rawEvt3,
  rawEvt2,
  rawEvt21,
  dat,
  csv,
];
