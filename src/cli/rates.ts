import type { Packet, Status } from "../../mod.ts";
import { grouped } from "./amounts.ts";

/** What came in some span of time. */
export interface Amounts {
  readonly events: number;
  /** Of these, how many were ON. */
  readonly onEvents: number;
  readonly triggers: number;
  readonly bytes: number;
  readonly droppedTransfers: number;
  readonly droppedBytes: number;
  /** Events that the decoder dropped because x or y lies beyond the sensor. */
  readonly outOfSensor: number;
  /** Where the sensor's time did not go on as a clock does. */
  readonly timeDiscontinuities: number;
  /** The longest delay from receipt to hand-over; 0 where nothing came. */
  readonly maximumDelayMs: number;
  /** The longest backlog. */
  readonly maximumBacklog: number;
}

/** The amounts of nothing. */
export const nothing: Amounts = {
  events: 0,
  onEvents: 0,
  triggers: 0,
  bytes: 0,
  droppedTransfers: 0,
  droppedBytes: 0,
  outOfSensor: 0,
  timeDiscontinuities: 0,
  maximumDelayMs: 0,
  maximumBacklog: 0,
};

/** The amounts of one item of a stream. */
export function amountsOf(status: Status, packet: Packet | undefined): Amounts {
  const on = packet?.polarityEvents?.on;
  return {
    events: on?.length ?? 0,
    onEvents: on === undefined ? 0 : countOn(on),
    triggers: packet?.triggerEvents?.t.length ?? 0,
    bytes: status.bytes,
    droppedTransfers: status.droppedTransfers,
    droppedBytes: status.droppedBytes,
    outOfSensor: status.outOfSensor,
    timeDiscontinuities: status.timeDiscontinuities,
    maximumDelayMs: status.delayMs,
    maximumBacklog: status.backlog,
  };
}

/** The amounts of two spans together. */
export function addAmounts(left: Amounts, right: Amounts): Amounts {
  return {
    events: left.events + right.events,
    onEvents: left.onEvents + right.onEvents,
    triggers: left.triggers + right.triggers,
    bytes: left.bytes + right.bytes,
    droppedTransfers: left.droppedTransfers + right.droppedTransfers,
    droppedBytes: left.droppedBytes + right.droppedBytes,
    outOfSensor: left.outOfSensor + right.outOfSensor,
    timeDiscontinuities: left.timeDiscontinuities + right.timeDiscontinuities,
    maximumDelayMs: Math.max(left.maximumDelayMs, right.maximumDelayMs),
    maximumBacklog: Math.max(left.maximumBacklog, right.maximumBacklog),
  };
}

/**
 * The live line: rates over a span that ended `atSeconds` after the start. It fits 80 columns as long as the decoder drops
 * nothing.
 */
export function formatRates(amounts: Amounts, spanSeconds: number, atSeconds: number): string {
  const { events, onEvents, bytes, droppedBytes, maximumDelayMs, maximumBacklog } = amounts;
  return [
    `${atSeconds.toFixed(0).padStart(3)} s`,
    `${(events / spanSeconds / 1e6).toFixed(2).padStart(5)} Mev/s`,
    `${(bytes / spanSeconds / 1e6).toFixed(1).padStart(5)} MB/s`,
    `ON ${onShare(events, onEvents, 0).padStart(5)}`,
    ...decoderFaults(amounts),
    `delay ${maximumDelayMs.toFixed(1).padStart(4)} ms`,
    `backlog ${maximumBacklog}`,
    `dropped ${formatBytes(droppedBytes)}`,
  ].join("  ");
}

/** The live line of a recording, which has neither a delay nor a backlog. */
export function formatPlayedRates(amounts: Amounts, spanSeconds: number, atSeconds: number): string {
  const { events, onEvents, bytes } = amounts;
  return [
    `${atSeconds.toFixed(0).padStart(3)} s`,
    `${(events / spanSeconds / 1e6).toFixed(2).padStart(5)} Mev/s`,
    `${(bytes / spanSeconds / 1e6).toFixed(1).padStart(5)} MB/s`,
    `ON ${onShare(events, onEvents, 0).padStart(5)}`,
    ...decoderFaults(amounts),
  ].join("  ");
}

/** The last words: what came in all. */
export function formatSummary(amounts: Amounts, seconds: number): string {
  const { events, onEvents, triggers, bytes, droppedBytes, droppedTransfers, maximumDelayMs } = amounts;
  const faults = decoderFaults(amounts);
  const lost = droppedBytes > 0
    ? `${formatBytes(droppedBytes)} dropped in ${droppedTransfers} transfers`
    : faults.length === 0
    ? "nothing dropped"
    : "no bytes dropped";
  const rate = `${(events / seconds / 1e6).toFixed(2)} Mev/s, ${(bytes / seconds / 1e6).toFixed(1)} MB/s`;
  const triggered = triggers === 0 ? "" : `, ${grouped(triggers)} triggers`;
  return `${grouped(events)} events (ON ${onShare(events, onEvents, 1)})${triggered} in ${seconds.toFixed(1)} s ` +
    `(${rate}); longest delay ${maximumDelayMs.toFixed(1)} ms; ${[lost, ...faults].join("; ")}`;
}

/** What was wrong with the decoded bytes, if anything. */
function decoderFaults({ outOfSensor, timeDiscontinuities }: Amounts): string[] {
  return [
    ...(outOfSensor > 0 ? [`${grouped(outOfSensor)} events beyond the sensor`] : []),
    ...(timeDiscontinuities > 0 ? [`jumps of time: ${grouped(timeDiscontinuities)}`] : []),
  ];
}

/** Values are 0 and 1, so their sum is the count: a loop without a branch. */
function countOn(on: Uint8Array): number {
  let count = 0;
  for (let index = 0; index < on.length; ++index) count += on[index]!;
  return count;
}

function onShare(events: number, onEvents: number, digits: number): string {
  return events === 0 ? "- %" : `${(100 * onEvents / events).toFixed(digits)} %`;
}

function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${grouped(bytes)} B` : `${(bytes / 1e6).toFixed(1)} MB`;
}
