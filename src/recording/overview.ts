import { NeuromorphicError } from "../errors.ts";
import type { TriggerEvents } from "../packets/columns.ts";
import type { Packet } from "../packets/packet.ts";
import { beginning, lastTimeOf, timeAt } from "../packets/slice.ts";
import type { FormatReader, Overview } from "./format.ts";

/**
 * Reads a whole recording to tell what is in it. Of a damaged one it tells what is readable.
 *
 * @param check Called now and then; throws where the overview is not wanted any more.
 */
export async function overviewOf(open: () => Promise<FormatReader>, check: () => void): Promise<Overview> {
  const reader = await open();
  const builder = new OverviewBuilder();
  try {
    for await (const { packet } of reader.read()) {
      check();
      builder.add(packet);
    }
  } catch (error) {
    if (!(error instanceof NeuromorphicError && error.code === "damaged")) throw error;
  } finally {
    await reader.close();
  }
  return builder.finish();
}

/** Gathers what an overview tells from packets in their order. */
export class OverviewBuilder {
  readonly #triggers: TriggerEvents[] = [];
  #first: number | undefined;
  #last: number | undefined;

  add(packet: Packet): void {
    this.#first ??= timeAt(packet, beginning);
    this.#last = lastTimeOf(packet) ?? this.#last;
    const { triggerEvents } = packet;
    if (triggerEvents === undefined) return;
    const { t, id, edge } = triggerEvents; // copies, as the packet's memory may be used again
    this.#triggers.push({ t: t.slice(), id: id.slice(), edge: edge.slice() });
  }

  finish(): Overview {
    const count = this.#triggers.reduce((sum, { t }) => sum + t.length, 0);
    const triggers = { t: new Float64Array(count), id: new Uint8Array(count), edge: new Uint8Array(count) };
    let at = 0;
    for (const { t, id, edge } of this.#triggers) {
      triggers.t.set(t, at);
      triggers.id.set(id, at);
      triggers.edge.set(edge, at);
      at += t.length;
    }
    const timeRange = this.#first === undefined ? undefined : { first: this.#first, last: this.#last! };
    return { timeRange, triggers };
  }
}
