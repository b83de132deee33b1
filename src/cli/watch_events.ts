/** Shows the events of a camera or a recording while they come. */

import type { Packet, StreamItem } from "../../mod.ts";
import type { LiveView } from "./live_view.ts";
import type { Output } from "./output.ts";
import { addAmounts, type Amounts, amountsOf, formatRates, nothing } from "./rates.ts";

/** Between pictures: 15 a second look alive, and leave the processor to the events. */
const pictureIntervalMs = 1000 / 15;

const lineIntervalMs = 1000;

/** How events are shown, and for how long. */
export interface WatchOptions {
  /** The picture; undefined: a line each second. */
  readonly view: LiveView | undefined;
  readonly output: Output;
  /** Ends after this time. */
  readonly seconds: number | undefined;
  readonly signal: AbortSignal;
  /** Makes the line of what came in a span that ended so long after the start. Default: {@link formatRates}. */
  readonly formatLine?: typeof formatRates;
}

/**
 * Shows events until they end, the time is over, a signal comes or the output breaks; returns what came. The source must
 * give items also while there are no events, since time and signal are looked at between items; or the signal ends it.
 */
export async function watchEvents(
  items: AsyncIterable<StreamItem<Packet | undefined>>,
  { view, output, seconds = Infinity, signal, formatLine = formatRates }: WatchOptions,
): Promise<Amounts> {
  const started = performance.now();
  const endMs = started + 1000 * seconds;
  let [lineMs, pictureMs] = [started, started];
  let [total, sinceLine] = [nothing, nothing];
  let line = "";
  try {
    for await (const { status, packet } of items) {
      const amounts = amountsOf(status, packet);
      sinceLine = addAmounts(sinceLine, amounts);
      const now = performance.now();
      if (packet?.polarityEvents !== undefined) view?.add(packet.polarityEvents, now);
      if (now - lineMs >= lineIntervalMs) {
        line = formatLine(sinceLine, (now - lineMs) / 1000, (now - started) / 1000);
        if (view === undefined) output.print(line);
        total = addAmounts(total, sinceLine);
        [sinceLine, lineMs] = [nothing, now];
      }
      if (view !== undefined && now - pictureMs >= pictureIntervalMs) {
        view.draw(line, now);
        pictureMs = now;
      }
      if (signal.aborted || now >= endMs || output.error !== undefined) break;
    }
  } catch (error) {
    if (error !== signal.reason) throw error;
  } finally {
    view?.close();
  }
  return addAmounts(total, sinceLine);
}
