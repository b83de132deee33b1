/** A soak: a virtual camera at full rate, with something going wrong all the time, and an account of every byte. */

import process from "node:process";
import { configureVirtualBus } from "../../mod.ts";
import { type Account, addAccount, differences, emptyAccount } from "../support/account.ts";
import { planSession, type SoakOptions } from "./plan.ts";
import { type Opening, visitOnce } from "./session.ts";

const totalNames = ["stalls", "failedTransfers", "emptyTransfers", "gaps"] as const;
type TotalName = (typeof totalNames)[number];

/** Resident memory in bytes. */
export interface Memory {
  /** After the first minute, or a tenth of the time where that is less: when pools and caches have their size. */
  early: number;
  peak: number;
  end: number;
}

/** What a soak came to. */
export interface SoakResult {
  readonly account: Account;
  readonly memory: Memory;
  readonly seconds: number;
  readonly sessions: number;
  readonly openings: number;
  /** How often each incident was planned, and each ending came. */
  readonly incidents: ReadonlyMap<string, number>;
  readonly endings: ReadonlyMap<string, number>;
  readonly totals: Readonly<Record<TotalName, number>>;
  /** What does not add up, with the session's number. */
  readonly differences: readonly string[];
}

/** What is told while it runs. */
export interface Progress {
  readonly seconds: number;
  readonly deliveredBytes: number;
  readonly openings: number;
  readonly residentBytes: number;
}

/** Runs until the time is over, or the account of an opening does not add up. */
export async function soak(options: SoakOptions, onProgress: (progress: Progress) => void): Promise<SoakResult> {
  const startMs = performance.now();
  const run = new Run(options, startMs, onProgress);
  let session = 0;
  while (run.differences.length === 0 && performance.now() - startMs < 1e3 * options.seconds) {
    await run.session(session);
    session += 1;
  }
  await configureVirtualBus();
  run.differences.push(...differences(run.account).map((difference) => `all sessions: ${difference}`));
  run.sample();
  return { ...run.result(), seconds: (performance.now() - startMs) / 1e3, sessions: session };
}

const sampleMs = 200;

class Run {
  readonly account = emptyAccount();
  readonly differences: string[] = [];
  readonly #options: SoakOptions;
  readonly #startMs: number;
  readonly #onProgress: (progress: Progress) => void;
  readonly #memory: Memory = { early: 0, peak: 0, end: 0 };
  readonly #incidents = new Map<string, number>();
  readonly #endings = new Map<string, number>();
  readonly #totals = { stalls: 0, failedTransfers: 0, emptyTransfers: 0, gaps: 0 };
  #openings = 0;
  #deliveredBytes = 0;
  #sampledMs = 0;

  constructor(options: SoakOptions, startMs: number, onProgress: (progress: Progress) => void) {
    this.#options = options;
    this.#startMs = startMs;
    this.#onProgress = onProgress;
  }

  async session(number: number): Promise<void> {
    const plan = planSession(this.#options, number);
    await configureVirtualBus([plan.camera]);
    for (const name of plan.busIncidents) count(this.#incidents, name);
    try {
      for (let opening = 0; opening < plan.openings && this.differences.length === 0; opening++) {
        const result = await visitOnce(plan, (bytes) => this.#advance(bytes));
        this.#add(number, result);
        this.sample();
        if (!result.opened) break; // it would fail again
        for (const { incident } of plan.programIncidents) count(this.#incidents, incident);
      }
    } catch (error) {
      this.differences.push(`session ${number}: ${error instanceof Error ? error.stack : error}`);
    }
  }

  #add(session: number, opening: Opening): void {
    this.#openings += 1;
    addAccount(this.account, opening.account);
    count(this.#endings, opening.ending);
    for (const name of totalNames) this.#totals[name] += opening[name];
    this.differences.push(...opening.differences.map((found) => `session ${session}, ${opening.ending}: ${found}`));
  }

  #advance(bytes: number): void {
    this.#deliveredBytes += bytes;
    if (performance.now() - this.#sampledMs > sampleMs) this.sample();
  }

  sample(): void {
    const nowMs = performance.now();
    this.#sampledMs = nowMs;
    const residentBytes = process.memoryUsage.rss();
    const seconds = (nowMs - this.#startMs) / 1e3;
    const memory = this.#memory;
    memory.end = residentBytes;
    memory.peak = Math.max(memory.peak, residentBytes);
    if (seconds <= Math.min(60, this.#options.seconds / 10) || memory.early === 0) memory.early = residentBytes;
    this.#onProgress({ seconds, deliveredBytes: this.#deliveredBytes, openings: this.#openings, residentBytes });
  }

  result(): Omit<SoakResult, "seconds" | "sessions"> {
    return {
      account: this.account,
      memory: this.#memory,
      openings: this.#openings,
      incidents: this.#incidents,
      endings: this.#endings,
      totals: this.#totals,
      differences: this.differences,
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
