import { type Check, outOfRange, wrongKind } from "../../checks.ts";

/**
 * Which columns or rows of a sensor send nothing: one byte for each, 1 = masked, 0 = not.
 *
 * It is a `Uint8Array` whose JSON is short: the ranges of what is masked, for example `"0-99,1279"`, and `""` where
 * nothing is. Where a configuration takes a mask, it also takes that text, and any `Uint8Array`.
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * using device = await open({
 *   libusb: "virtual",
 *   type: "prophesee-evk4",
 *   configuration: { xMask: "0-99,1279" },
 * });
 * console.log(device.configuration.xMask[99], device.configuration.xMask[100]); // 1 0
 * console.log(JSON.stringify(device.configuration.xMask)); // "0-99,1279"
 * ```
 */
export class Mask extends Uint8Array {
  /** The ranges of what is masked, for `JSON.stringify`. */
  toJSON(): string {
    const ranges: string[] = [];
    for (let start = this.indexOf(1); start !== -1; start = this.indexOf(1, start)) {
      const next = this.indexOf(0, start);
      const end = next === -1 ? this.length : next;
      ranges.push(end - start === 1 ? `${start}` : `${start}-${end - 1}`);
      start = end;
    }
    return ranges.join(",");
  }
}

/** What a mask may be given as: bytes of 0 and 1, or the ranges that {@link Mask.toJSON} gives. */
export type MaskLike = Uint8Array | string;

/** Masks of columns and of rows. */
interface LineMasks {
  readonly xMask: Mask;
  readonly yMask: Mask;
}

/** Whether other columns or rows are masked. */
export function linesDiffer(before: LineMasks, after: LineMasks): boolean {
  return before.xMask.some((masked, x) => masked !== after.xMask[x]) ||
    before.yMask.some((masked, y) => masked !== after.yMask[y]);
}

/** A check for what is {@link MaskLike}, or what JSON makes of a plain `Uint8Array`. Returns a copy. */
export function maskOf(length: number): Check<Mask> {
  const form = `ranges from 0 to ${length - 1}, such as "0-9,15"`;
  return (value, name) => {
    const mask = new Mask(length);
    if (typeof value === "string") {
      if (!fillRanges(mask, value)) throw outOfRange(name, form, value);
      return mask;
    }
    const bytes = value instanceof Uint8Array ? value : bytesFromJson(value);
    if (bytes === undefined) throw wrongKind(name, `a Uint8Array of length ${length}, or ${form}`, value);
    if (bytes.length !== length) throw new RangeError(`${name} must have a length of ${length}, not ${bytes.length}`);
    const wrong = bytes.findIndex((byte) => byte !== 0 && byte !== 1);
    if (wrong !== -1) throw outOfRange(`${name}[${wrong}]`, "0 or 1", bytes[wrong]);
    mask.set(bytes as ArrayLike<number>);
    return mask;
  };
}

/** False where the text is no ranges, or they lie beyond the mask. */
function fillRanges(mask: Mask, text: string): boolean {
  if (text.trim() === "") return true;
  for (const range of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?$/.exec(range) ?? [];
    const [start, end] = [Number(first), Number(last) + 1];
    if (!(start < end && end <= mask.length)) return false;
    mask.fill(1, start, end);
  }
  return true;
}

/** What `JSON.parse(JSON.stringify(array))` is for a `Uint8Array`: `{ "0": 1, "1": 0, … }`. */
function bytesFromJson(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    return undefined;
  }
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key, index) => key === `${index}`) ? Object.values(value) : undefined;
}
