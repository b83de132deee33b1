import type { ReadItem } from "../../format.ts";
import { PacketBuilder } from "../../packet_builder.ts";
import type { TriggerCursor } from "./trigger_cursor.ts";

/** What items need to know of a decoder. */
export interface DecodingState {
  /** The time after what was decoded, in µs; undefined before the first one. */
  readonly currentTime: number | undefined;
  /** Events that were left out because they lie outside of the sensor. */
  readonly outOfSensor: number;
}

/** What was decoded, as items. */
export class Items {
  readonly builder = new PacketBuilder();
  readonly #decoder: DecodingState;
  readonly #triggers: TriggerCursor;
  readonly #from: number;
  #failure: unknown;
  #position = 0;
  #outOfSensor = 0;

  constructor(decoder: DecodingState, triggers: TriggerCursor, from: number) {
    this.#decoder = decoder;
    this.#triggers = triggers;
    this.#from = from;
  }

  /** Decodes into the builder. A failure is kept until what came before it was taken; then 0 is returned. */
  attempt(decode: (builder: PacketBuilder) => number): number {
    try {
      return decode(this.builder);
    } catch (error) {
      this.#failure = error ?? new Error("unknown");
      return 0;
    }
  }

  /** Items of what was decoded, up to a position in the file. */
  async *taken(position: number): AsyncGenerator<ReadItem> {
    const time = this.#decoder.currentTime;
    if (time !== undefined) yield* this.#withTriggers(time, position);
    if (position > this.#position || !this.builder.isEmpty) yield* this.#item(time, position);
    if (this.#failure === undefined) return;
    yield* this.rest(position);
    throw this.#failure;
  }

  /** Items of the triggers that come after the last event, and of what else a file without events has. */
  async *rest(position: number): AsyncGenerator<ReadItem> {
    yield* this.#withTriggers(Infinity, position);
    const last = this.builder.triggerCount - 1;
    const time = last < 0 ? this.#decoder.currentTime : this.builder.trigger.t[last];
    if (last >= 0 || position > this.#position) yield* this.#item(time, position);
  }

  async *#withTriggers(until: number, position: number): AsyncGenerator<ReadItem> {
    while (await this.#triggers.take(until, this.builder)) {
      const last = this.builder.trigger.t[this.builder.triggerCount - 1];
      yield* this.#item(until === Infinity ? last : this.#decoder.currentTime, position);
    }
  }

  *#item(currentTime: number | undefined, position: number): Generator<ReadItem> {
    if (currentTime !== undefined && currentTime < this.#from) {
      this.builder.polarityCount = 0;
      this.builder.triggerCount = 0;
      return;
    }
    const bytes = position - this.#position;
    const outOfSensor = this.#decoder.outOfSensor - this.#outOfSensor;
    this.#position = position;
    this.#outOfSensor += outOfSensor;
    yield { packet: this.builder.take(), bytes, currentTime, gaps: [], outOfSensor };
  }
}
