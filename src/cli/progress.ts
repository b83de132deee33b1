/** How far something is, on standard error. */

import { scaled } from "./amounts.ts";
import type { CommandStream, World } from "./command.ts";
import { formatDuration } from "./times.ts";

/** How far it is. */
export interface Done {
  /** Bytes done so far. */
  readonly bytes: number;
  /** All of them; undefined where that is not known, as of a pipe. */
  readonly totalBytes: number | undefined;
}

/** What takes less time shows no progress. */
const quietMs = 1000;

/** Between two looks of a terminal, and between two lines for what is none. */
const intervalsMs = { terminal: 200, lines: 10_000 } as const;

const barWidth = 16;

/**
 * Shows how far something is, once it takes longer than a second: on a terminal a bar that is drawn again in place, and
 * elsewhere, as in a log, a line each ten seconds.
 */
export class ProgressBar {
  readonly #stream: CommandStream;
  #title: string | undefined;
  #startMs = 0;
  #shownMs = 0;
  #isShown = false;

  constructor(stream: CommandStream) {
    this.#stream = stream;
  }

  /** Shows it, if it is time to. The title is what is done, such as `"converting"`; another one begins anew. */
  update(title: string, done: Done, nowMs: number = performance.now()): void {
    if (title !== this.#title) {
      this.#title = title;
      this.#startMs = nowMs;
      this.#shownMs = nowMs;
    }
    const isTerminal = this.#stream.isTTY === true;
    const intervalMs = isTerminal ? intervalsMs.terminal : intervalsMs.lines;
    if (nowMs - this.#startMs < quietMs || nowMs - this.#shownMs < intervalMs) return;
    this.#shownMs = nowMs;
    const line = `${title} ${formatProgress(done, nowMs - this.#startMs)}`;
    if (!isTerminal) return void this.#stream.write(`${line}\n`);
    if (this.#stream.writableNeedDrain) return;
    this.#stream.write(`\r${line.slice(0, (this.#stream.columns || 80) - 1)}\x1b[K`);
    this.#isShown = true;
  }

  /** Clears the line of a terminal. */
  clear(): void {
    if (this.#isShown) this.#stream.write("\r\x1b[K");
    this.#isShown = false;
  }
}

/** Bar, share, rate and time left: `[####            ]  25 % of 4.00 GB  500 MB/s  6 s left`. */
export function formatProgress({ bytes, totalBytes }: Done, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? 1000 * bytes / elapsedMs : 0;
  if (totalBytes === undefined || totalBytes === 0) return `${scaled(bytes, "B")}  ${scaled(rate, "B/s")}`;
  const share = Math.min(1, bytes / totalBytes);
  const filled = Math.floor(barWidth * share);
  const bar = `[${"#".repeat(filled)}${" ".repeat(barWidth - filled)}]`;
  const percent = `${String(Math.floor(100 * share)).padStart(3)} %`;
  const left = rate > 0 ? `  ${formatDuration(Math.ceil((totalBytes - bytes) / rate) * 1e6)} left` : "";
  return `${bar} ${percent} of ${scaled(totalBytes, "B")}  ${scaled(rate, "B/s")}${left}`;
}

/** Does some work with a bar, which is gone afterwards. */
export async function withProgress<Result>(
  { stderr }: Pick<World, "stderr">,
  work: (bar: ProgressBar) => Promise<Result>,
): Promise<Result> {
  const bar = new ProgressBar(stderr);
  try {
    return await work(bar);
  } finally {
    bar.clear();
  }
}
