/**
 * Polarity events as columns of equal length, in the order in which the sensor sent them.
 * Event i is pixel (`x[i]`, `y[i]`) at time `t[i]`; the origin is the sensor's top-left corner.
 */
export interface PolarityEvents {
  /** Sensor clock in µs; never decreases. */
  readonly t: Float64Array<ArrayBuffer>;
  /** Column, 0 to width - 1. */
  readonly x: Uint16Array<ArrayBuffer>;
  /** Row, 0 to height - 1. */
  readonly y: Uint16Array<ArrayBuffer>;
  /** 1 = the pixel became brighter (ON), 0 = darker (OFF). */
  readonly on: Uint8Array<ArrayBuffer>;
}

/** Edges of the sensor's trigger inputs as columns of equal length, in the order in which the sensor sent them. */
export interface TriggerEvents {
  /** Sensor clock in µs, the clock of the polarity events. */
  readonly t: Float64Array<ArrayBuffer>;
  /** Number of the input; the EVK4's only one is 0. */
  readonly id: Uint8Array<ArrayBuffer>;
  /** 1 = rising edge, 0 = falling edge. */
  readonly rising: Uint8Array<ArrayBuffer>;
}

/** How many polarity events and triggers one packet has room for. Both are multiples of 8. */
export interface Capacity {
  readonly events: number;
  readonly triggers: number;
}

/** Bytes of one polarity event (8 + 2 + 2 + 1) and of one trigger (8 + 1 + 1). */
const bytesPerEvent = 13;
const bytesPerTrigger = 10;

/** Bytes that a buffer for this capacity has. */
export function columnsByteLength({ events, triggers }: Capacity): number {
  return bytesPerEvent * events + bytesPerTrigger * triggers;
}

/** Views of the first `count` polarity events in a buffer that the native decoder filled (`Columns` in abi.zig). */
export function polarityEventsIn(buffer: ArrayBuffer, capacity: Capacity, count: number): PolarityEvents {
  const offset = 8 * capacity.events + 8 * capacity.triggers;
  return {
    t: new Float64Array(buffer, 0, count),
    x: new Uint16Array(buffer, offset, count),
    y: new Uint16Array(buffer, offset + 2 * capacity.events, count),
    on: new Uint8Array(buffer, offset + 4 * capacity.events, count),
  };
}

/** Views of the first `count` triggers in a buffer that the native decoder filled. */
export function triggerEventsIn(buffer: ArrayBuffer, capacity: Capacity, count: number): TriggerEvents {
  const offset = 13 * capacity.events + 8 * capacity.triggers;
  return {
    t: new Float64Array(buffer, 8 * capacity.events, count),
    id: new Uint8Array(buffer, offset, count),
    rising: new Uint8Array(buffer, offset + capacity.triggers, count),
  };
}
