/**
 * A soak in the runtime that it is started with; `deno task soak` chooses one.
 *
 *     --minutes N       how long (default 30; 0.1 is six seconds)
 *     --rate N          MB/s that the camera sends (default 400)
 *     --seed N          what goes wrong, and when (default: another at each run)
 *     --faults NAME     all (default), or none: one session from the beginning to the end
 *     --source NAME     pattern (read raw), scene (decoded), or mixed (default)
 *     --runtime NAME    deno (default), bun or node
 */

import process from "node:process";
import { readOptions } from "../../scripts/arguments.ts";
import type { SoakOptions } from "./plan.ts";
import { progressLine, report } from "./report.ts";
import { soak } from "./soak.ts";

const lineEveryMs = 5000;

function soakOptions(): SoakOptions {
  const values = readOptions(import.meta, {
    minutes: { type: "string", default: "30" },
    rate: { type: "string", default: "400" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 20)) },
    faults: { type: "string", default: "all" },
    source: { type: "string", default: "mixed" },
    runtime: { type: "string" },
  });
  return {
    seconds: 60 * numberFrom("minutes", values.minutes, 1e-3, 1e6),
    bytesPerSecond: 1e6 * numberFrom("rate", values.rate, 0.01, 500),
    seed: numberFrom("seed", values.seed, 0, 2 ** 32),
    faults: oneOf("faults", values.faults, ["all", "none"] as const),
    source: oneOf("source", values.source, ["pattern", "scene", "mixed"] as const),
  };
}

function numberFrom(name: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text !== "" && value >= minimum && value <= maximum) return value;
  throw new RangeError(`--${name} must be a number from ${minimum} to ${maximum}, not ${text}`);
}

function oneOf<const Value extends string>(name: string, text: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw new RangeError(`--${name} must be one of ${values.join(", ")}, not ${text}`);
}

const options = soakOptions();
console.log(`seed ${options.seed}`);
let nextLineMs = 0;
const result = await soak(options, (progress) => {
  if (performance.now() < nextLineMs) return;
  nextLineMs = performance.now() + lineEveryMs;
  console.log(progressLine(progress));
});
console.log(`\n${report(result)}\nseed ${options.seed}`);
process.exitCode = result.differences.length === 0 ? 0 : 1;
