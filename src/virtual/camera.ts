/** What a virtual camera is made of, checked, and as the native library's JSON has it. */

import { resolve } from "node:path";

const models = ["evk4", "evk4_00f4", "silkyevcam_hd", "ueye_xcpe"] as const;
const speeds = ["high", "super", "super-plus"] as const;
const intervalsUs = Array.from({ length: 13 }, (_, exponent) => 2 ** exponent);
const faultKinds = [
  "unplug",
  "stall",
  "hang",
  "protocol-error",
  "overflow",
  "zero-length",
  "short",
  "delay",
  "wrong-command",
  "failure-flag",
  "error",
] as const;

/** Cameras that the virtual bus can carry: the four that speak the EVK4's protocol (`evk4_00f4`: with its other id). */
export type VirtualCameraModel = (typeof models)[number];

/**
 * What a virtual camera sees.
 *
 * Masks, biases and the rate limiter change a scene and a recording, as they are configured and at once: masked pixels
 * send nothing; the first `maximumEventsPerPeriod` events of each period get through, the others do not (which ones
 * the sensor drops is unknown); and biases set towards fewer events drop a share of them. That share is made up,
 * because the sensor's is unknown: half of the events for each 32 codes beyond the default, of ON events by `diffOn` (up
 * from `diff`), of OFF events by `diffOff` (away from `diff`), of both by `fo` (down), `hpf` (up) and `refr` (down).
 * Towards more events a bias changes nothing, and the other biases never do.
 *
 * While anything is to be left out every word is looked at: at hundreds of MB/s that may take longer than there is time
 * for, and the camera loses bytes, which it counts.
 */
export type VirtualSource =
  /** A rotating star with noise; the same seed (a whole number, default 1) gives the same events. */
  | { readonly kind: "scene"; readonly seed?: number }
  /** A RAW file in EVT3, in a loop whose time goes on growing. */
  | { readonly kind: "recording"; readonly path: string }
  /**
   * An event every `intervalUs` (default 1; a power of 2 up to 4096), which tells its own place: event n has
   * t = n * intervalUs, and of m = n modulo 2^20 / intervalUs, x = m modulo 1280, y = m modulo 720, on = m modulo 2.
   * At another rate than its own the sensor's time passes at another speed, too. No register leaves an event out.
   */
  | { readonly kind: "sequence"; readonly intervalUs?: number }
  /** 64-bit little-endian numbers from 0 on instead of events, to be read raw: every lost byte shows. */
  | { readonly kind: "pattern" };

/**
 * Something that goes wrong, either on an endpoint or in a function of libusb. Passages are counted: transfers that
 * end on the endpoint, calls of the function.
 *
 * | kind                                            | where                | what happens                               |
 * | ----------------------------------------------- | -------------------- | ------------------------------------------ |
 * | `"unplug"`                                      | endpoint or function | the camera is gone                         |
 * | `"stall"`, `"hang"`, `"protocol-error"`         | endpoint             | STALL; never an answer; as a broken cable  |
 * | `"overflow"`, `"zero-length"`, `"short"`        | endpoint, not 0x02   | babble; empty packets; at most `length` bytes |
 * | `"delay"`, `"wrong-command"`, `"failure-flag"`  | endpoint 0x82        | late by `delayMs`; another's reply; "failed" |
 * | `"error"`                                       | function             | returns `code`                             |
 */
export interface VirtualFault {
  readonly kind: (typeof faultKinds)[number];
  /** 0 (control), 0x02 (commands), 0x82 (replies) or 0x81 (events). */
  readonly endpoint?: number;
  /** For example `"libusb_claim_interface"`. */
  readonly function?: string;
  /** Passages that go well first. Default 0. */
  readonly after?: number;
  /** How often it strikes; 0: always from then on. Default 1. */
  readonly times?: number;
  /** Bytes left of a transfer; of events, also of one that fails. Default 0. */
  readonly length?: number;
  readonly delayMs?: number;
  /** An error code of libusb, from -99 to -1. Default -1. */
  readonly code?: number;
}

/** A camera on the virtual bus. */
export interface VirtualCameraOptions {
  /** One to eight hexadecimal digits. Default: the camera's position on the bus, `"00000001"` for the first. */
  readonly serial?: string;
  /** Default `"evk4"`. */
  readonly model?: VirtualCameraModel;
  /** Default: the scene with seed 1. */
  readonly source?: VirtualSource;
  /**
   * Bytes per second that the sensor produces while no mask, bias or limiter leaves events out, which makes it so much
   * less; 0: as fast as they are fetched. A scene takes 10,000 to 500,000,000.
   * Default: 12,000,000 of a scene, the own timing of a recording and a sequence, a pattern as fast as it is fetched.
   */
  readonly bytesPerSecond?: number;
  /** Pulses per second on the trigger input of a scene, at most 1000. Default 0. */
  readonly triggerHz?: number;
  /** Default `"super"`. */
  readonly speed?: (typeof speeds)[number];
  /** Whether the user may open the camera. Default true. */
  readonly permission?: boolean;
  /** Bytes that submitted transfers and DMA memory may have together, as Linux limits them. Default 16 MiB. */
  readonly memoryLimitBytes?: number;
  /** Default: none. */
  readonly faults?: readonly VirtualFault[];
}

/** What a value of an option must be; returns it as the JSON has it. */
type Check = (value: unknown, name: string) => unknown;

const cameraChecks: Readonly<Record<keyof VirtualCameraOptions, Check>> = {
  serial: (value, name) => {
    if (typeof value === "string" && /^[0-9a-f]{1,8}$/i.test(value)) return value;
    throw new RangeError(`${name} must be one to eight hexadecimal digits, not ${value}`);
  },
  model: oneOf(models),
  source: checkSource,
  bytesPerSecond: rateUpTo(100e9),
  triggerHz: rateUpTo(1000),
  speed: oneOf(speeds),
  permission: (value, name) => {
    if (typeof value === "boolean") return value;
    throw new TypeError(`${name} must be a boolean`);
  },
  memoryLimitBytes: wholeNumber(0, 2 ** 40),
  faults: (value, name) => {
    if (!Array.isArray(value)) throw new TypeError(`${name} must be an array`);
    return value.map((fault, position) => checkOptions(fault, `${name}[${position}]`, faultChecks));
  },
};

const faultChecks: Readonly<Record<keyof VirtualFault, Check>> = {
  kind: oneOf(faultKinds),
  endpoint: oneOf([0, 0x02, 0x81, 0x82]),
  function: text,
  after: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  times: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  length: wholeNumber(0, 2 ** 30),
  delayMs: wholeNumber(0, 3_600_000),
  code: wholeNumber(-99, -1),
};

/** Names in JSON that are not those of the options in snake_case. */
const otherNames: Readonly<Record<string, string>> = { delayMs: "milliseconds" };

/**
 * Turns a camera's options into what the native library reads.
 *
 * @throws {TypeError | RangeError} with name, value and range.
 */
export function virtualCameraJson(options: VirtualCameraOptions, name: string): Record<string, unknown> {
  return { source: { kind: "scene", seed: 1 }, ...checkOptions(options, name, cameraChecks) };
}

function checkSource(value: unknown, name: string): unknown {
  const source = value as VirtualSource | null;
  switch (source?.kind) {
    case "scene":
      return checkOptions({ ...source, seed: source.seed ?? 1 }, name, {
        kind: text,
        seed: wholeNumber(0, 2 ** 53 - 1),
      });
    case "recording":
      return checkOptions({ ...source, path: resolve(text(source.path, `${name}.path`)) }, name, {
        kind: text,
        path: text,
      });
    case "sequence":
      return checkOptions(source, name, { kind: text, intervalUs: oneOf(intervalsUs) });
    case "pattern":
      return checkOptions(source, name, { kind: text });
    default:
      throw new RangeError(
        `${name}.kind must be one of scene, recording, sequence, pattern, not ${
          (source as null | { kind?: unknown })?.kind
        }`,
      );
  }
}

function checkOptions(value: unknown, name: string, checks: Readonly<Record<string, Check>>): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new TypeError(`${name} must be an object`);
  const entries: [string, unknown][] = [];
  for (const [key, given] of Object.entries(value)) {
    const check = checks[key];
    if (check === undefined) throw new TypeError(`${name} has no option "${key}"`);
    if (given !== undefined) entries.push([otherNames[key] ?? snakeCased(key), check(given, `${name}.${key}`)]);
  }
  return Object.fromEntries(entries);
}

function oneOf(values: readonly unknown[]): Check {
  return (value, name) => {
    if (!values.includes(value)) throw new RangeError(`${name} must be one of ${values.join(", ")}, not ${value}`);
    return typeof value === "string" ? snakeCased(value) : value;
  };
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string`);
  return value;
}

function wholeNumber(minimum: number, maximum: number): Check {
  return (value, name) => {
    if (Number.isInteger(value) && value as number >= minimum && value as number <= maximum) return value;
    throw new RangeError(`${name} must be a whole number from ${minimum} to ${maximum}, not ${value}`);
  };
}

/** Rounded up: a rate just above 0 does not become 0, which stands for something else. */
function rateUpTo(maximum: number): Check {
  return (value, name) => {
    if (typeof value === "number" && value >= 0 && value <= maximum) return Math.ceil(value);
    throw new RangeError(`${name} must be a number from 0 to ${maximum}, not ${value}`);
  };
}

function snakeCased(name: string): string {
  return name.replaceAll("-", "_").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
