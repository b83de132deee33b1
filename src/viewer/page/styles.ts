/** How events become pictures: what the page offers of the accumulators. */

import type { AccumulatorOptions, ColorMapName, ImageOptions } from "../../accumulator/accumulator.ts";
import type { Geometry } from "../../types.ts";

/** Name of a style. */
export type StyleName = "decay" | "linear" | "window" | "time-surface" | "count" | "total";

/** A style as the page offers it. */
export interface StyleChoice {
  readonly name: StyleName;
  readonly label: string;
  /** What a pixel shows, in a sentence. */
  readonly explanation: string;
  /** What the time is called; undefined for a style without one. */
  readonly timeLabel: string | undefined;
}

/** The styles in the order of the menu. */
export const styleChoices: readonly StyleChoice[] = [
  {
    name: "decay",
    label: "Exponential decay",
    explanation: "Each pixel shows its last event, which fades exponentially.",
    timeLabel: "Time to 1/e",
  },
  {
    name: "linear",
    label: "Linear decay",
    explanation: "Each pixel shows its last event, which fades evenly to nothing.",
    timeLabel: "Time to fade",
  },
  {
    name: "window",
    label: "Window",
    explanation: "Each pixel shows its last event while it is younger than this.",
    timeLabel: "Window",
  },
  {
    name: "time-surface",
    label: "Time surface",
    explanation: "Each pixel shows how long ago its last event was.",
    timeLabel: "Oldest age",
  },
  { name: "count", label: "Signed count", explanation: "ON minus OFF events of the last moment.", timeLabel: "Window" },
  {
    name: "total",
    label: "Count since reset",
    explanation: "ON minus OFF events since the picture was emptied.",
    timeLabel: undefined,
  },
];

/** The colour maps in the order of the menu. */
export const colorMapChoices: readonly { readonly name: ColorMapName; readonly label: string }[] = [
  { name: "orange-blue", label: "Orange and blue" },
  { name: "dark", label: "Dark" },
  { name: "light", label: "Light" },
  { name: "cool-warm", label: "Cool and warm" },
  { name: "gray", label: "Gray" },
  { name: "heat", label: "Heat" },
];

/** What a picture is made with. */
export interface PictureStyle {
  readonly name: StyleName;
  /** µs. */
  readonly tauUs: number;
  readonly colorMap: ColorMapName;
}

/** Shows a moving hand with the light of an office; fades before it smears. */
export const defaultStyle: PictureStyle = { name: "decay", tauUs: 30_000, colorMap: "orange-blue" };

/** The time's bounds, µs; the slider between them is logarithmic. */
export const tauBoundsUs = { minimum: 1_000, maximum: 1_000_000 } as const;

/** The slider's last place. With more of them, neighbours would round to the same time. */
export const lastTauPlace = 60;

/** Place of a time on the slider, a whole number from 0 to {@link lastTauPlace}. */
export function sliderOfTau(tauUs: number): number {
  const { minimum, maximum } = tauBoundsUs;
  return Math.round(lastTauPlace * Math.log(tauUs / minimum) / Math.log(maximum / minimum));
}

/** The time of a place on the slider, with two digits: 1000, 1100, 1300, … 890,000, 1,000,000 µs. */
export function tauOfSlider(place: number): number {
  const { minimum, maximum } = tauBoundsUs;
  return Number((minimum * (maximum / minimum) ** (place / lastTauPlace)).toPrecision(2));
}

/** The bins of a window whose events are counted: it moves on by a fifth. */
const bins = 5;

/** What a style's accumulator is made with. Styles with equal options share one: see {@link imageOptionsOf}. */
export function accumulatorOptionsOf({ name, tauUs }: PictureStyle, { width, height }: Geometry): AccumulatorOptions {
  if (name === "total") return { kind: "count", width, height };
  if (name === "count") {
    return { kind: "voxel", width, height, bins, binUs: Math.max(1_000, Math.round(tauUs / bins)) };
  }
  return { kind: "decay", width, height };
}

/** How a style's accumulator draws. */
export function imageOptionsOf({ name, tauUs, colorMap }: PictureStyle): ImageOptions {
  return name === "total" || name === "count" ? { colorMap } : { kind: name, tauUs, colorMap };
}
