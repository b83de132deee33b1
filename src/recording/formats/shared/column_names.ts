/** What a column of a table holds. */
export type ColumnKind = "t" | "x" | "y" | "p";

/** What programs call the columns of events. */
const kinds: Readonly<Record<string, ColumnKind>> = {
  t: "t",
  ts: "t",
  time: "t",
  timestamp: "t",
  timestamps: "t",
  x: "x",
  y: "y",
  p: "p",
  pol: "p",
  polarity: "p",
  on: "p",
};

/** What the column of a name holds; undefined for other names. */
export function columnKindOf(name: string): ColumnKind | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(kinds, lower) ? kinds[lower] : undefined;
}
