/** Regions, as changes of a configuration may name them, become masks; a configuration has masks only. */

import { notTogether } from "../../checks.ts";
import type { Geometry, Rect } from "../../types.ts";
import { Mask } from "../masks/mask.ts";
import { masksOfRegion, type RegionMasks } from "../masks/regions.ts";

/** Changes that mask columns and rows: by a region, or themselves. */
export interface RegionChanges extends Partial<RegionMasks> {
  readonly regionOfInterest?: Rect | readonly Rect[] | null;
  readonly regionOfNonInterest?: Rect | readonly Rect[] | null;
}

/** What a region is made of; a change names it, or the region. */
const MASK_NAMES = ["xMask", "yMask", "maskIntersectionOnly"] as const;

/** The same changes with masks in place of a region. Throws as `regionOfInterest`, and where both are given. */
export function withoutRegions<Changes extends RegionChanges>(
  changes: Changes,
  { geometry, name }: { readonly geometry: Geometry; readonly name: string },
): Omit<Changes, "regionOfInterest" | "regionOfNonInterest"> {
  const { regionOfInterest: inside, regionOfNonInterest: outside, ...rest } = changes;
  const [region, rectangles] = inside === undefined
    ? ["regionOfNonInterest", outside] as const
    : ["regionOfInterest", inside] as const;
  if (rectangles === undefined) return rest;
  for (const other of ["regionOfNonInterest", ...MASK_NAMES] as const) {
    if (other === region || changes[other] === undefined) continue;
    throw notTogether(`${name}.${region}`, `${name}.${other}`, "a region is made of the masks of columns and rows");
  }
  if (rectangles === null) return { ...rest, ...noMasks(geometry) };
  const sending = region === "regionOfInterest" ? "inside" : "outside";
  return { ...rest, ...masksOfRegion(rectangles, { geometry, sending, name: `${name}.${region}` }) };
}

function noMasks({ width, height }: Geometry): RegionMasks {
  return { xMask: new Mask(width), yMask: new Mask(height), maskIntersectionOnly: false };
}
