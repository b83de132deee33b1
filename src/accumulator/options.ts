import { number, oneOf, options as optionsOf, wholeNumber, wrongKind } from "../checks.ts";
import { maximumDimension } from "../decoder/decoder.ts";
import type {
  AccumulatorKind,
  AccumulatorOptions,
  CountOptions,
  FadingKind,
  FadingOptions,
  ImageOptions,
  ValuesOptions,
  VoxelOptions,
} from "./accumulator.ts";

const fadingKinds: readonly FadingKind[] = ["decay", "linear", "window", "time-surface"];
const checkKind = oneOf<AccumulatorKind>([...fadingKinds, "count", "voxel"]);
const size = { width: wholeNumber(1, maximumDimension), height: wholeNumber(1, maximumDimension) };
const tauUs = wholeNumber(1, 100_000_000);
const fullCount = wholeNumber(1, 32_767);
const t = number(0, 2 ** 51 - 1);
const required = ["kind", "width", "height"] as const;

/** Options and how to look at it where nothing else is said, by what the kind keeps. */
export interface Checked {
  readonly kind: AccumulatorKind;
  readonly width: number;
  readonly height: number;
  readonly bins: number;
  readonly binUs: number;
  readonly tauUs: number;
  readonly fullCount: number;
}

const defaults = { bins: 1, binUs: 1000, tauUs: 100_000, fullCount: 4 };

const checkFading = optionsOf<FadingOptions>(
  "createAccumulator",
  { kind: oneOf(fadingKinds), ...size, tauUs },
  required,
);
const checkCount = optionsOf<CountOptions>(
  "createAccumulator",
  { kind: oneOf(["count"] as const), ...size, fullCount },
  required,
);
const checkVoxel = optionsOf<VoxelOptions>("createAccumulator", {
  kind: oneOf(["voxel"] as const),
  ...size,
  bins: wholeNumber(1, 64),
  binUs: wholeNumber(1000, 100_000_000),
  fullCount,
}, required);

/** Whether an accumulator keeps the last event of each pixel, and can be looked at as any kind that does. */
export function isFading(kind: AccumulatorKind): kind is FadingKind {
  return kind !== "count" && kind !== "voxel";
}

/** @throws {TypeError | RangeError} for options that are missing, unknown to the kind, or out of their range. */
export function checkAccumulatorOptions(options: AccumulatorOptions): Checked {
  if (typeof options !== "object" || options === null) {
    throw wrongKind("the options of createAccumulator", "an object", options);
  }
  // A kind that cannot change its mind between the checks.
  const given = { ...options };
  const kind = checkKind(given.kind, "kind");
  // What was checked has nothing that is undefined.
  if (kind === "voxel") return { ...defaults, bins: 5, binUs: 10_000, ...checkVoxel(given) } as Checked;
  return { ...defaults, ...(kind === "count" ? checkCount : checkFading)(given) } as Checked;
}

/** A colour map has checks of its own. */
const colorMap = (value: unknown) => value as ImageOptions["colorMap"] & object;

type FadingView = Omit<ImageOptions, "fullCount">;
type CountView = Omit<ImageOptions, "kind" | "tauUs">;

const fadingImage = optionsOf<FadingView>("image", { t, kind: oneOf(fadingKinds), tauUs, colorMap });
const countImage = optionsOf<CountView>("image", { t, fullCount, colorMap });
const fadingValues = optionsOf<ValuesOptions>("values", { t, kind: oneOf(fadingKinds), tauUs });
const countValues = optionsOf<Pick<ValuesOptions, "t">>("values", { t });

/** @throws {TypeError | RangeError} for options that the kind does not have, or out of their range. */
export function checkImageOptions(kind: AccumulatorKind, options: ImageOptions): ImageOptions {
  return isFading(kind) ? fadingImage(options) : countImage(options);
}

/** @throws {TypeError | RangeError} for options that the kind does not have, or out of their range. */
export function checkValuesOptions(kind: AccumulatorKind, options: ValuesOptions): ValuesOptions {
  return isFading(kind) ? fadingValues(options) : countValues(options);
}
