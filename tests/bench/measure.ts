import process from "node:process";

/** Resources that a piece of work took. */
export interface Usage {
  readonly seconds: number;
  /** CPU of the whole process, native threads and the virtual camera included. */
  readonly cpuSeconds: number;
  /** Resident memory at its end. */
  readonly residentMiB: number;
}

/** Runs the work and says what it took. */
export async function measure<T>(work: () => Promise<T> | T): Promise<{ readonly value: T; readonly usage: Usage }> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const value = await work();
  const seconds = (performance.now() - startMs) / 1e3;
  const { user, system } = process.cpuUsage(cpu);
  return {
    value,
    usage: { seconds, cpuSeconds: (user + system) / 1e6, residentMiB: process.memoryUsage.rss() / 2 ** 20 },
  };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Rows as a table for a terminal, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const text = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) => Math.max(...text.map((row) => row[column]!.length)));
  return text.map((row) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)).join("  ")
  ).join("\n");
}

/** Rows as a table for a document. */
export function markdownTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = header.map((_, column) => column === 0 ? "---" : "--:");
  return [header, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
