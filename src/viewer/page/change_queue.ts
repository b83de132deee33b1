import type { SourceConfiguration } from "./source.ts";

/** What becomes of changes. */
export interface ChangeListener {
  /** A change is in force. */
  applied(key: string): void;
  /** A change was refused, or failed; the old value stays in force. */
  failed(key: string, error: unknown): void;
}

/**
 * Sends changes of a configuration one after the other. A slider that moves makes many of them: of those that wait with
 * one key only the newest is sent.
 */
export class ChangeQueue {
  readonly #apply: (changes: SourceConfiguration) => Promise<void>;
  readonly #listener: ChangeListener;
  readonly #waiting = new Map<string, SourceConfiguration>();
  #running: Promise<void> | undefined;

  constructor(apply: (changes: SourceConfiguration) => Promise<void>, listener: ChangeListener) {
    this.#apply = apply;
    this.#listener = listener;
  }

  /** Whether a change with this key waits; the one that is being sent does not. */
  isWaiting(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Sends changes after those that wait, in place of an older one with the same key. */
  change(key: string, changes: SourceConfiguration): void {
    this.#waiting.set(key, changes);
    this.#running ??= this.#run().finally(() => this.#running = undefined);
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    for (const [key, changes] of this.#waiting) { // grows while it is walked
      this.#waiting.delete(key);
      try {
        await this.#apply(changes);
        this.#listener.applied(key);
      } catch (error) {
        this.#listener.failed(key, error);
      }
    }
  }
}
