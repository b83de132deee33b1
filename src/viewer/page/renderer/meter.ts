import type { Status } from "../../../packets/status.ts";

/** What the last moment was like. */
export interface Reading {
  /** Events shown per second. */
  readonly eventsPerSecond: number;
  /** Part of them that were ON, from 0 to 1; undefined where there were none. */
  readonly onShare: number | undefined;
  /** Bytes received per second. */
  readonly bytesPerSecond: number;
  /** The longest delay from receipt to hand-over. */
  readonly delayMs: number;
  /** Raw packets that waited, at most. */
  readonly backlog: number;
  /** Pictures drawn per second. */
  readonly picturesPerSecond: number;
}

/** Totals since the beginning. */
export interface Totals {
  readonly events: number;
  readonly triggers: number;
  readonly droppedTransfers: number;
  readonly droppedBytes: number;
  /** Events beyond the sensor, which no picture shows. */
  readonly outOfSensor: number;
  /** Places where the sensor's time did not go on as a clock does. */
  readonly timeDiscontinuities: number;
}

/** What is shown of a packet. */
export interface ShownEvents {
  readonly events: number;
  readonly onEvents: number;
  readonly triggers: number;
  /** Events beyond the picture, for example where a file does not tell the size of its sensor. */
  readonly outside: number;
}

/** Counts what is received and shown. */
export class Meter {
  #events = 0;
  #onEvents = 0;
  #bytes = 0;
  #delayMs = 0;
  #backlog = 0;
  #pictures = 0;
  #sampledAtMs: number | undefined;
  #totals = {
    events: 0,
    triggers: 0,
    droppedTransfers: 0,
    droppedBytes: 0,
    outOfSensor: 0,
    timeDiscontinuities: 0,
  };

  /** A status came. */
  received(status: Status): void {
    this.#bytes += status.bytes;
    this.#delayMs = Math.max(this.#delayMs, status.delayMs);
    this.#backlog = Math.max(this.#backlog, status.backlog);
    const totals = this.#totals;
    totals.droppedTransfers += status.droppedTransfers;
    totals.droppedBytes += status.droppedBytes;
    totals.outOfSensor += status.outOfSensor;
    totals.timeDiscontinuities += status.timeDiscontinuities;
  }

  /** Events are shown; an accumulator has counted those that are ON. */
  shown({ events, onEvents, triggers, outside }: ShownEvents): void {
    this.#events += events;
    this.#onEvents += onEvents;
    this.#totals.events += events;
    this.#totals.triggers += triggers;
    this.#totals.outOfSensor += outside;
  }

  /** A picture is drawn. */
  drawn(): void {
    this.#pictures++;
  }

  /** Totals since the beginning. */
  get totals(): Totals {
    return { ...this.#totals };
  }

  /** What happened since the last call; undefined at the first. `nowMs` is a monotonic time. */
  sample(nowMs: number): Reading | undefined {
    const seconds = (nowMs - (this.#sampledAtMs ?? nowMs)) / 1000;
    this.#sampledAtMs = nowMs;
    const [events, onEvents, bytes, pictures] = [this.#events, this.#onEvents, this.#bytes, this.#pictures];
    const { delayMs, backlog } = { delayMs: this.#delayMs, backlog: this.#backlog };
    this.#events =
      this.#onEvents =
      this.#bytes =
      this.#delayMs =
      this.#backlog =
      this.#pictures =
        0;
    if (seconds <= 0) return undefined;
    return {
      eventsPerSecond: events / seconds,
      onShare: events === 0 ? undefined : onEvents / events,
      bytesPerSecond: bytes / seconds,
      delayMs,
      backlog,
      picturesPerSecond: pictures / seconds,
    };
  }
}
