import type { TriggerEvents } from "../../../packets/columns.ts";
import type { FormatReader, ReadItem } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";

/**
 * Triggers of a file beside the recording, in the order of their times. Where that file is damaged, the events still come,
 * and then its error.
 */
export class TriggerCursor {
  readonly #open: (() => Promise<FormatReader | undefined>) | undefined;
  #reader: FormatReader | undefined;
  #items: AsyncIterator<ReadItem, undefined> | undefined;
  #isAtEnd: boolean;
  #failure: { readonly error: unknown } | undefined;
  #events: TriggerEvents | undefined;
  #next = 0;

  constructor(open: (() => Promise<FormatReader | undefined>) | undefined) {
    this.#open = open;
    this.#isAtEnd = open === undefined;
  }

  /**
   * Moves triggers into a builder, up to a time and as long as there is room.
   *
   * @returns Whether more of them have no room.
   */
  async take(until: number, builder: PacketBuilder): Promise<boolean> {
    while (this.#events !== undefined || await this.#refill()) {
      const { t, id, edge } = this.#events!;
      const { trigger } = builder;
      for (; this.#next < t.length; this.#next++) {
        if (t[this.#next]! > until) return false;
        if (builder.triggerCount === trigger.t.length) return true;
        const at = builder.triggerCount++;
        trigger.t[at] = t[this.#next]!;
        trigger.id[at] = id[this.#next]!;
        trigger.edge[at] = edge[this.#next]!;
      }
      this.#events = undefined;
    }
    return false;
  }

  /** Throws what failed, when all that was readable has been taken. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    this.#isAtEnd = true;
    await this.#reader?.close();
  }

  async #refill(): Promise<boolean> {
    if (this.#isAtEnd) return false;
    try {
      if (this.#items === undefined) {
        this.#reader = await this.#open!();
        this.#items = this.#reader?.read();
      }
      const item = await this.#items?.next();
      this.#isAtEnd = item === undefined || item.done === true;
      this.#events = item?.value?.packet.triggerEvents;
      this.#next = 0;
      // An item without triggers is followed by others.
      return this.#events !== undefined || await this.#refill();
    } catch (error) {
      this.#isAtEnd = true;
      this.#failure = { error };
      return false;
    }
  }
}
