import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";

/** Bulk IN endpoint of the event stream. */
export const EVENTS_ENDPOINT = 0x81;

/**
 * Events of an earlier session would come with its time. OpenEB clears the halt before each start, which by its comment
 * (`psee_libusb_data_transfer.cpp`) drops what the board has queued. What is left is read, as long as jAER does
 * (`PropheseeAEReader`); neuromorphic-drivers reads until nothing comes for a second.
 */
export function* emptyEventPipe(): Protocol {
  yield { kind: "clear-halt", endpoint: EVENTS_ENDPOINT };
  const rest = yield { kind: "drain", endpoint: EVENTS_ENDPOINT, timeoutMs: 50, withinMs: 250 };
  if (rest !== undefined) throw protocolError("io", "empty the event pipe", "the stopped sensor still sends events");
}
