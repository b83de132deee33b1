/** Which of other people's readers read what our writers write, and what they take of it. */

import {
  aedat4,
  arrow,
  csv,
  dat,
  es,
  mcap,
  type NpyLayout,
  npyWith,
  npz,
  rawEvt2,
  rawEvt21,
  rawEvt3,
  type RecordingFormat,
} from "../../mod.ts";

/** Readers that `read.py` knows. */
export type ForeignReader = "aedat" | "dv-processing" | "evutils" | "evt3" | "faery" | "mcap" | "numpy" | "pyarrow";

/** What a reader takes right: all, or the events alone. */
export type Taken = "all" | "events";

/** A format, and who reads it. To add one: a line here, and a way to read it in `read.py`. */
export interface Judged {
  readonly format: RecordingFormat;
  /** What tells its form from another one of the same format. */
  readonly form?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly readers: Readonly<Partial<Record<ForeignReader, Taken>>>;
}

/** Each format with its readers. One that refuses a format, or has it wrong in files of any writer, is not among them. */
export const judged: readonly Judged[] = [
  { format: rawEvt3, readers: { evutils: "all", evt3: "all", faery: "all" } },
  { format: rawEvt2, readers: { evutils: "all", faery: "all" } },
  // evutils gives input 0 and a falling edge for every trigger, and reads no other byte order. Others refuse EVT2.1.
  { format: rawEvt21, form: "legacy", readers: { evutils: "events" } },
  { format: dat, readers: { evutils: "events", faery: "all" } },
  { format: es, readers: { faery: "events" } },
  { format: csv, readers: { evutils: "events", faery: "events", numpy: "all" } },
  { format: npz, readers: { evutils: "events", numpy: "all" } },
  ...(["metavision", "tonic", "neuromorphic-drivers", "expelliarmus", "evio"] satisfies NpyLayout[]).map(
    (layout): Judged => ({ format: npyWith({ layout }), form: layout, readers: { numpy: "events" } }),
  ),
  // evutils takes a trigger of AEDAT 4 for another structure, in files of any writer.
  { format: aedat4, readers: { "dv-processing": "all", aedat: "all", faery: "all", evutils: "events" } },
  { format: mcap, readers: { mcap: "all" } },
  { format: arrow, readers: { pyarrow: "events" } },
];
