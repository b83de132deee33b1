import type { RecordingFormat } from "../format.ts";
import { dat } from "./dat/format.ts";
import { csv } from "./csv/format.ts";
import { es } from "./es/format.ts";

/** All formats, in the order in which a file is tried: those with a mark of their own first. */
export const formats: readonly RecordingFormat[] = [es, dat, csv];
