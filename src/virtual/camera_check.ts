/** Checks what shall be on the virtual bus, or on that of a page. */

import {
  arrayOf,
  boolean,
  type Check,
  type Checks,
  number,
  object,
  oneOf,
  outOfRange,
  text,
  textOf,
  wholeNumber,
  wrongKind,
} from "../checks.ts";
import type {
  VirtualCameraModel,
  VirtualCameraOptions,
  VirtualFault,
  VirtualFaultKind,
  VirtualSource,
} from "./camera.ts";

const models: readonly VirtualCameraModel[] = [
  "evk4",
  "evk4-00f4",
  "silkyevcam-hd",
  "silkyevcam-hd-lite",
  "silkyevcam-vga",
  "evk3-hd",
  "evk3-genx320",
  "evk3-genx320-es",
  "ueye-xcpe",
  "ueye-xlse",
];
const intervalsUs = Array.from({ length: 13 }, (_, exponent) => 2 ** exponent);
const hexadecimalSerial = textOf(/^[0-9a-f]{1,8}$/i, "one to eight hexadecimal digits");
const seed = wholeNumber(0, 2 ** 53 - 1);
const descriptorText = textOf(/^[^]{0,126}$/, "at most 126 characters");
const firmware = textOf(/^\d{1,2}\.\d{1,2}\.\d{1,2}$/, 'three numbers up to 99, as "3.9.0"');
const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** The sources that are made, and not recorded. */
type MadeSource = Exclude<VirtualSource, { kind: "recording" }>;

const madeSources: { readonly [Kind in MadeSource["kind"]]: Check<Extract<MadeSource, { kind: Kind }>> } = {
  scene: object({ kind: oneOf(["scene"]), seed, flickerHz: wholeNumber(0, 1000) }),
  sequence: object({ kind: oneOf(["sequence"]), intervalUs: oneOf(intervalsUs) }),
  pattern: object({ kind: oneOf(["pattern"]) }),
};

/** Checks what a camera sees. Where recordings come from is another matter natively than in a page. */
export function sourceWith<Recording extends { readonly kind: "recording" }>(
  recording: Check<Recording>,
): Check<MadeSource | Recording> {
  const sources = { ...madeSources, recording };
  const sourceKind = oneOf(["scene", "recording", "sequence", "pattern"]);
  return (value, name) => {
    if (typeof value !== "object" || value === null) throw wrongKind(name, "an object", value);
    const kind = sourceKind((value as Partial<VirtualSource>).kind, `${name}.kind`);
    return sources[kind](value, name);
  };
}

const source = sourceWith(object<Extract<VirtualSource, { kind: "recording" }>>({
  kind: oneOf(["recording"]),
  path: text,
}, ["path"]));

const [control, commands, events, replies] = [0, 0x02, 0x81, 0x82];

/** Where each kind of fault has a meaning: at these endpoints, and in functions. */
const faultPlaces: Readonly<Record<VirtualFaultKind, readonly (number | "function")[]>> = {
  unplug: [control, commands, events, replies, "function"],
  stall: [control, commands, events, replies],
  hang: [control, commands, events, replies],
  "protocol-error": [control, commands, events, replies],
  overflow: [control, events, replies],
  "zero-length": [control, events, replies],
  short: [control, events, replies],
  delay: [replies],
  "wrong-command": [replies],
  "failure-flag": [replies],
  error: ["function"],
};
const faultKinds = Object.keys(faultPlaces) as VirtualFaultKind[];

const faultOptions = object<VirtualFault>({
  kind: oneOf(faultKinds),
  endpoint: oneOf([control, commands, events, replies]),
  function: text,
  after: count,
  times: count,
  length: wholeNumber(0, 2 ** 30),
  delayMs: wholeNumber(0, 3_600_000),
  code: wholeNumber(-99, -1),
}, ["kind"]);

export const fault: Check<VirtualFault> = (value, name) => {
  const checked = faultOptions(value, name);
  if ((checked.endpoint === undefined) === (checked.function === undefined)) {
    throw new TypeError(`${name} must have either an endpoint or a function`);
  }
  const place = checked.endpoint ?? "function";
  if (faultPlaces[checked.kind].includes(place)) return checked;
  const possible = faultKinds.filter((kind) => faultPlaces[kind].includes(place)).map((kind) => `"${kind}"`);
  throw outOfRange(`${name}.kind`, `one of ${possible.join(", ")} at this place`, checked.kind);
};

const biasCount = 13;
const codes = arrayOf(wholeNumber(0, 255));
const biasCodes: Check<readonly number[]> = (value, name) => {
  const checked = codes(value, name);
  if (checked.length === biasCount) return checked;
  throw new RangeError(`${name} must have a length of ${biasCount}, not ${checked.length}`);
};

/** The options that a camera has natively and in a page. */
export const commonOptions: Checks<Omit<VirtualCameraOptions, "source" | "faults">> = {
  serial: hexadecimalSerial,
  model: oneOf(models),
  product: descriptorText,
  manufacturer: descriptorText,
  firmware,
  biasCodes,
  unreadReply: oneOf(["wait", "replace"]),
  bytesPerSecond: number(0, 100e9),
  triggerHz: number(0, 1000),
  speed: oneOf(["high", "super", "super-plus"]),
  permission: boolean,
  memoryLimitBytes: wholeNumber(0, 2 ** 40),
};
const cameraOptions = object<VirtualCameraOptions>({ ...commonOptions, source, faults: arrayOf(fault, 256) });

const sceneRate = { minimum: 10_000, maximum: 500_000_000 };

const camera: Check<VirtualCameraOptions> = (value, name) => {
  const checked = cameraOptions(value, name);
  checkRates(checked, name);
  return checked;
};

/** Checks that the source has triggers and the rate, where they are asked for. */
export function checkRates(
  checked: Pick<VirtualCameraOptions, "bytesPerSecond" | "triggerHz"> & {
    readonly source?: { readonly kind: VirtualSource["kind"] } | undefined;
  },
  name: string,
): void {
  const { source: { kind } = { kind: "scene" }, bytesPerSecond = 0, triggerHz = 0 } = checked;
  if (kind !== "scene" && triggerHz > 0) throw outOfRange(`${name}.triggerHz`, `0 with a ${kind}`, triggerHz);
  const { minimum, maximum } = sceneRate;
  if (kind === "scene" && bytesPerSecond !== 0 && !(bytesPerSecond >= minimum && bytesPerSecond <= maximum)) {
    throw outOfRange(`${name}.bytesPerSecond`, `0 or from ${minimum} to ${maximum} with a scene`, bytesPerSecond);
  }
}

/**
 * Cameras for the virtual bus.
 *
 * @throws {TypeError | RangeError} with name, value and range.
 */
export const checkVirtualCameras: Check<readonly VirtualCameraOptions[]> = arrayOf(camera, 16);
