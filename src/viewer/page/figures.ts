/** Figures as people read them. */

import { counted, grouped, scaled } from "../../cli/amounts.ts";
import type { Reading, Totals } from "./renderer/meter.ts";

/** A figure with its name. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  /** What the name means, in a sentence. */
  readonly meaning: string;
  /** Something that the user should look at. */
  readonly isWarning?: boolean;
}

/** What figures are made of. */
export interface Measured {
  readonly reading: Reading;
  readonly totals: Totals;
  /** Time of the sensor that the picture shows, µs. */
  readonly time: number | undefined;
  readonly isLive: boolean;
  /** How far a live picture is behind what was received, µs. */
  readonly behindUs: number;
}

/** The figures below a picture. */
export function figuresOf({ reading, totals, time, isLive, behindUs }: Measured): Figure[] {
  const { eventsPerSecond, onShare, bytesPerSecond, delayMs, backlog, picturesPerSecond } = reading;
  return [
    { name: "Rate", value: scaled(eventsPerSecond, "ev/s"), meaning: "Events shown in a second" },
    { name: "ON", value: percent(onShare), meaning: "Part of the events that are ON: brighter" },
    { name: "Time", value: seconds(time), meaning: "The sensor's clock" },
    ...(isLive
      ? [
        { name: "Data", value: scaled(bytesPerSecond, "B/s"), meaning: "Bytes received in a second" },
        { name: "Delay", value: milliseconds(delayMs), meaning: "From receipt to this page", isWarning: delayMs > 500 },
        {
          name: "Backlog",
          value: grouped(backlog),
          meaning: "Transfers received and not yet read",
          isWarning: backlog > 64,
        },
        {
          name: "Dropped",
          value: scaled(totals.droppedBytes, "B"),
          meaning: `Bytes lost since the beginning, in ${counted(totals.droppedTransfers, "transfer")}`,
          isWarning: totals.droppedBytes > 0,
        },
      ]
      : [{ name: "Events", value: scaled(totals.events, ""), meaning: `${grouped(totals.events)} events shown` }]),
    ...(behindUs > 0
      ? [{ name: "Behind", value: milliseconds(behindUs / 1000), meaning: "How far the picture is behind the camera" }]
      : []),
    { name: "Pictures", value: `${picturesPerSecond.toFixed(0)} /s`, meaning: "Pictures drawn in a second" },
    ...faults(totals),
  ];
}

/** What a screen reader is told now and then: the same in a sentence. */
export function spokenFigures(name: string, { reading, totals, time }: Measured): string {
  const { eventsPerSecond, onShare } = reading;
  const on = onShare === undefined ? "" : `, ${percent(onShare)} of them ON`;
  const lost = totals.droppedBytes > 0 ? `, ${scaled(totals.droppedBytes, "bytes")} dropped` : "";
  return `${name}: ${scaled(eventsPerSecond, "events per second")}${on}, at ${seconds(time)}${lost}`;
}

/** What was wrong with the data; nothing of it with a camera that works. */
function faults({ outOfSensor, timeDiscontinuities }: Totals): Figure[] {
  return [
    ...(outOfSensor > 0
      ? [{ name: "Outside", value: grouped(outOfSensor), meaning: "Events beyond the sensor", isWarning: true }]
      : []),
    ...(timeDiscontinuities > 0
      ? [{
        name: "Jumps",
        value: grouped(timeDiscontinuities),
        meaning: "Places where the sensor's time jumps: data is missing",
        isWarning: true,
      }]
      : []),
  ];
}

function percent(share: number | undefined): string {
  return share === undefined ? "–" : `${(100 * share).toFixed(0)} %`;
}

/** A time in seconds: `12.345 s`. */
function seconds(time: number | undefined): string {
  if (time === undefined) return "–";
  return `${(time / 1e6).toFixed(time < 1e10 ? 3 : 0)} s`; // some formats count from 1970 on
}

/** A time and a length, both µs: `12.345 of 60.000 s`; of less than a second `4.532 of 9.000 ms`. */
export function clock(time: number, length: number): string {
  const [factor, unit] = length < 1e6 ? [1e3, "ms"] : [1e6, "s"] as const;
  const [at, of] = [time, length].map((us) => (us / factor).toFixed(3));
  return `${at} of ${of} ${unit}`;
}

/** `0.8 ms`, `120 ms`, `2.4 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** A span of time in µs with two digits: `950 µs`, `30 ms`, `1.2 s`. */
export function span(us: number): string {
  if (us < 1000) return `${us} µs`;
  return us < 1e6 ? `${Number((us / 1e3).toPrecision(3))} ms` : `${Number((us / 1e6).toPrecision(3))} s`;
}
