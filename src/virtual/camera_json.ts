/** A virtual camera as the JSON that the native library reads. */

import { resolve } from "node:path";
import type { VirtualCameraOptions } from "./camera.ts";

/** A checked camera as the native library's JSON has it. */
export function virtualCameraJson(options: VirtualCameraOptions): Record<string, unknown> {
  const { source, bytesPerSecond, triggerHz, faults, ...others } = options;
  return snakeCased({
    ...others,
    source: source?.kind === "recording" ? { ...source, path: resolve(source.path) } : source && snakeCased(source),
    bytesPerSecond: roundedUp(bytesPerSecond),
    triggerHz: roundedUp(triggerHz),
    faults: faults?.map(({ delayMs, ...fault }) => snakeCased({ ...fault, milliseconds: delayMs })),
  });
}

/** A rate just above 0 does not become 0, which stands for something else. */
function roundedUp(rate: number | undefined): number | undefined {
  return rate === undefined ? undefined : Math.ceil(rate);
}

/** The same object with names in snake_case. */
function snakeCased(value: object): Record<string, unknown> {
  const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snakeCase(name), inner]));
}
