import type { Account } from "../support/account.ts";
import type { Progress, SoakResult } from "./soak.ts";

const rows: readonly [keyof Account, string][] = [
  ["emitted", "emitted by the camera"],
  ["inFailedTransfers", "  of them in failed transfers"],
  ["uncollected", "  of them never collected (handle closed)"],
  ["received", "received by the library"],
  ["delivered", "  delivered in packets"],
  ["cleared", "  thrown away by clearBacklog"],
  ["dropped", "  reported as dropped"],
  ["leftUnread", "  left unread at a close"],
  ["lostInCamera", "never handed over by the camera (not fetched in time)"],
];

/** One line for a terminal. */
export function progressLine({ seconds, deliveredBytes, openings, residentBytes }: Progress): string {
  const gigabytes = (deliveredBytes / 1e9).toFixed(1);
  return `${seconds.toFixed(0)} s  ${gigabytes} GB delivered  ${openings} openings  ${
    mebibytes(residentBytes)
  } resident`;
}

/** The final table. */
export function report(result: SoakResult): string {
  const { account, memory, totals } = result;
  const minute = Math.round(result.seconds / 6) / 10;
  const lines = [
    `${minute} minutes, ${result.sessions} sessions, ${result.openings} openings`,
    "",
    ...rows.map(([name, meaning]) => `${meaning.padEnd(54)}${account[name].toLocaleString("en").padStart(22)} bytes`),
    "",
    `gaps ${totals.gaps}, stalls ${totals.stalls}, failed transfers ${totals.failedTransfers}, ` +
    `empty transfers ${totals.emptyTransfers}`,
    `resident: ${mebibytes(memory.early)} early, ${mebibytes(memory.peak)} at most, ${
      mebibytes(memory.end)
    } at the end`,
    listing("incidents", result.incidents),
    listing("endings", result.endings),
    "",
    ...(result.differences.length === 0
      ? ["every byte has its place: emitted = delivered + thrown away + dropped + left unread + never collected"]
      : ["THE ACCOUNT DOES NOT ADD UP", ...result.differences]),
  ];
  return lines.join("\n");
}

function listing(title: string, counts: ReadonlyMap<string, number>): string {
  const entries = [...counts].sort(([, left], [, right]) => right - left);
  return `${title}: ${entries.map(([name, count]) => `${name} ${count}`).join(", ") || "none"}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
