import type { TriggerEvents } from "../packets/columns.ts";

/** How many triggers one native call may give; more come with the next. */
const capacity = 1024;

/** Where native calls write triggers, and those that they have written. */
export class TriggerRoom {
  /** Columns, one after the other: t, id, edge. */
  readonly memory: Uint8Array<ArrayBuffer> = new Uint8Array(10 * capacity);
  readonly capacity: number = capacity;
  #parts: TriggerEvents[] = [];

  /** Copies what a call has written. */
  take(count: number): void {
    if (count === 0) return;
    const { buffer } = this.memory;
    this.#parts.push({
      t: new Float64Array(buffer, 0, count).slice(),
      id: new Uint8Array(buffer, 8 * capacity, count).slice(),
      edge: new Uint8Array(buffer, 9 * capacity, count).slice(),
    });
  }

  /** What was taken since the last call; undefined where that is nothing. */
  taken(): TriggerEvents | undefined {
    const parts = this.#parts;
    if (parts.length <= 1) {
      this.#parts = [];
      return parts[0];
    }
    const count = parts.reduce((sum, { t }) => sum + t.length, 0);
    const all = { t: new Float64Array(count), id: new Uint8Array(count), edge: new Uint8Array(count) };
    let position = 0;
    for (const { t, id, edge } of parts) {
      all.t.set(t, position);
      all.id.set(id, position);
      all.edge.set(edge, position);
      position += t.length;
    }
    this.#parts = [];
    return all;
  }
}
