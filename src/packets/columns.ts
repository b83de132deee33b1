import { kindIndex } from "./kinds.ts";
import { type Layout, offsetsOf } from "./layout.ts";

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

/** What the sensor's trigger inputs saw, as columns of equal length, in the order in which the sensor sent it. */
export interface TriggerEvents {
  /** Sensor clock in µs, the clock of the polarity events. */
  readonly t: Float64Array<ArrayBuffer>;
  /** Number of the input; the EVK4's only one is 0. */
  readonly id: Uint8Array<ArrayBuffer>;
  /**
   * 0 = falling edge, 1 = rising edge, 2 = a whole pulse, which only cameras that look for pulses report (none of those
   * supported today).
   */
  readonly edge: Uint8Array<ArrayBuffer>;
}

/**
 * Samples of the camera's inertial measurement unit (IMU) as columns of equal length, in the order in which the camera
 * sent them. The axes are those that the camera's maker defines. What a sample lacks is NaN.
 */
export interface ImuEvents {
  /** Sensor clock in µs, the clock of the polarity events. */
  readonly t: Float64Array<ArrayBuffer>;
  /** Acceleration along x in m/s², gravity included. */
  readonly accelerometerX: Float32Array<ArrayBuffer>;
  /** The same along y. */
  readonly accelerometerY: Float32Array<ArrayBuffer>;
  /** The same along z. */
  readonly accelerometerZ: Float32Array<ArrayBuffer>;
  /** Angular velocity around x in rad/s. */
  readonly gyroscopeX: Float32Array<ArrayBuffer>;
  /** The same around y. */
  readonly gyroscopeY: Float32Array<ArrayBuffer>;
  /** The same around z. */
  readonly gyroscopeZ: Float32Array<ArrayBuffer>;
  /** Temperature of the IMU's chip in °C. */
  readonly temperature: Float32Array<ArrayBuffer>;
}

const polarity = offsetsOf("polarity");
const trigger = offsetsOf("trigger");
const imu = offsetsOf("imu");

// One literal each: making the views takes a part of a microsecond, and a loop over the columns would take the double.

/** Views of the first `count` polarity events. */
export function polarityEventsIn(buffer: ArrayBuffer, layout: Layout, count: number): PolarityEvents {
  const start = layout.starts[kindIndex.polarity]!;
  const capacity = layout.capacities[kindIndex.polarity]!;
  return {
    t: new Float64Array(buffer, start + polarity.t * capacity, count),
    x: new Uint16Array(buffer, start + polarity.x * capacity, count),
    y: new Uint16Array(buffer, start + polarity.y * capacity, count),
    on: new Uint8Array(buffer, start + polarity.on * capacity, count),
  };
}

/** Views of the first `count` triggers. */
export function triggerEventsIn(buffer: ArrayBuffer, layout: Layout, count: number): TriggerEvents {
  const start = layout.starts[kindIndex.trigger]!;
  const capacity = layout.capacities[kindIndex.trigger]!;
  return {
    t: new Float64Array(buffer, start + trigger.t * capacity, count),
    id: new Uint8Array(buffer, start + trigger.id * capacity, count),
    edge: new Uint8Array(buffer, start + trigger.edge * capacity, count),
  };
}

/** Views of the first `count` samples of the IMU. */
export function imuEventsIn(buffer: ArrayBuffer, layout: Layout, count: number): ImuEvents {
  const start = layout.starts[kindIndex.imu]!;
  const capacity = layout.capacities[kindIndex.imu]!;
  return {
    t: new Float64Array(buffer, start + imu.t * capacity, count),
    accelerometerX: new Float32Array(buffer, start + imu.accelerometerX * capacity, count),
    accelerometerY: new Float32Array(buffer, start + imu.accelerometerY * capacity, count),
    accelerometerZ: new Float32Array(buffer, start + imu.accelerometerZ * capacity, count),
    gyroscopeX: new Float32Array(buffer, start + imu.gyroscopeX * capacity, count),
    gyroscopeY: new Float32Array(buffer, start + imu.gyroscopeY * capacity, count),
    gyroscopeZ: new Float32Array(buffer, start + imu.gyroscopeZ * capacity, count),
    temperature: new Float32Array(buffer, start + imu.temperature * capacity, count),
  };
}
