/** A virtual camera as the JSON that the model reads, natively and as WebAssembly. */

import type { VirtualCameraOptions } from "./camera.ts";

/** A checked camera as the model's JSON has it (`zig/src/virtual/bus/bus_json.zig`). */
export function virtualCameraJson(options: VirtualCameraOptions): Record<string, unknown> {
  const { source, bytesPerSecond, triggerHz, faults, ...others } = options;
  return snakeCased({
    ...others,
    source: source && snakeCased(source),
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
