import {
  DEFAULT_CONFIGURATION,
  HEIGHT,
  PIXEL_MASK_LENGTH,
  type PropheseeEvk4Biases,
  type PropheseeEvk4Changes,
  type PropheseeEvk4Configuration,
  type PropheseeEvk4Pixel,
  type PropheseeEvk4RateLimiter,
  WIDTH,
} from "./configuration.ts";

const CLOCKS = ["internal", "internal-with-output", "external"] as const;

/**
 * Completes `changes` with `base`, and copies everything, so that what the caller changes later in its own objects
 * has no effect. Throws a `TypeError` or a `RangeError` that names the value and its range.
 */
export function checkConfiguration(
  changes: PropheseeEvk4Changes | undefined,
  base: PropheseeEvk4Configuration = DEFAULT_CONFIGURATION,
): PropheseeEvk4Configuration {
  if (changes === undefined) changes = {};
  checkNames("configuration", changes, DEFAULT_CONFIGURATION);
  const merged = { ...base, ...withoutUndefined(changes) };
  // Undefined has a meaning here: no limiter.
  const rateLimiter = Object.hasOwn(changes, "rateLimiter") ? changes.rateLimiter : base.rateLimiter;
  return Object.freeze({
    biases: checkBiases(changes.biases, base.biases),
    xMask: checkMask("configuration.xMask", merged.xMask, WIDTH),
    yMask: checkMask("configuration.yMask", merged.yMask, HEIGHT),
    maskIntersectionOnly: checkBoolean("configuration.maskIntersectionOnly", merged.maskIntersectionOnly),
    pixelMask: checkPixelMask(merged.pixelMask),
    rateLimiter: checkRateLimiter(rateLimiter),
    clock: checkClock(merged.clock),
    externalTrigger: checkBoolean("configuration.externalTrigger", merged.externalTrigger),
    output: checkBoolean("configuration.output", merged.output),
  });
}

function checkBiases(
  changes: Partial<PropheseeEvk4Biases> | undefined,
  base: PropheseeEvk4Biases,
): PropheseeEvk4Biases {
  if (changes === undefined) return base;
  checkNames("configuration.biases", changes, base);
  const biases = { ...base, ...withoutUndefined(changes) };
  for (const [name, code] of Object.entries(biases)) checkInteger(`configuration.biases.${name}`, code, 0, 255);
  return Object.freeze(biases);
}

function checkMask(name: string, mask: unknown, length: number): Uint8Array {
  if (!(mask instanceof Uint8Array)) throw new TypeError(`${name}: ${show(mask)} is not a Uint8Array`);
  if (mask.length !== length) throw new RangeError(`${name}: length ${mask.length} instead of ${length}`);
  const wrong = mask.findIndex((value) => value > 1);
  if (wrong !== -1) throw new RangeError(`${name}[${wrong}]: ${mask[wrong]} is neither 0 nor 1`);
  return mask.slice();
}

function checkPixelMask(pixels: unknown): readonly PropheseeEvk4Pixel[] {
  const name = "configuration.pixelMask";
  if (!Array.isArray(pixels)) throw new TypeError(`${name}: ${show(pixels)} is not an array of { x, y }`);
  if (pixels.length > PIXEL_MASK_LENGTH) {
    throw new RangeError(
      `${name}: ${pixels.length} pixels are more than the ${PIXEL_MASK_LENGTH} that the sensor masks`,
    );
  }
  return Object.freeze(pixels.map((pixel: unknown, index) => {
    checkNames(`${name}[${index}]`, pixel, { x: 0, y: 0 });
    const { x, y } = pixel as PropheseeEvk4Pixel;
    checkInteger(`${name}[${index}].x`, x, 0, WIDTH - 1);
    checkInteger(`${name}[${index}].y`, y, 0, HEIGHT - 1);
    return Object.freeze({ x, y });
  }));
}

function checkRateLimiter(limiter: unknown): PropheseeEvk4RateLimiter | undefined {
  if (limiter === undefined) return undefined;
  const name = "configuration.rateLimiter";
  checkNames(name, limiter, { referencePeriodUs: 0, maximumEventsPerPeriod: 0 });
  const { referencePeriodUs, maximumEventsPerPeriod } = limiter as PropheseeEvk4RateLimiter;
  checkInteger(`${name}.referencePeriodUs`, referencePeriodUs, 1, 1_023);
  checkInteger(`${name}.maximumEventsPerPeriod`, maximumEventsPerPeriod, 0, 4_194_303);
  return Object.freeze({ referencePeriodUs, maximumEventsPerPeriod });
}

function checkClock(clock: PropheseeEvk4Configuration["clock"]): PropheseeEvk4Configuration["clock"] {
  const known = CLOCKS.map((name) => `"${name}"`).join(", ");
  if (typeof clock !== "string") throw new TypeError(`configuration.clock: ${show(clock)} is none of ${known}`);
  if (!CLOCKS.includes(clock)) throw new RangeError(`configuration.clock: ${show(clock)} is none of ${known}`);
  return clock;
}

function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${name}: ${show(value)} is not a boolean`);
  return value;
}

function checkInteger(name: string, value: unknown, minimum: number, maximum: number): void {
  if (typeof value !== "number") throw new TypeError(`${name}: ${show(value)} is not a number`);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${name}: ${value} is not an integer from ${minimum} to ${maximum}`);
  }
}

/** An object with no other names than `known` has: a misspelt name would otherwise do nothing, silently. */
function checkNames(name: string, value: unknown, known: object): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${name}: ${show(value)} is not an object`);
  }
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(known, key)) {
      throw new TypeError(`${name}.${key}: unknown name (known: ${Object.keys(known).join(", ")})`);
    }
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
