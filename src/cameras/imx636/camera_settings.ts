/**
 * Metavision's camera settings of an IMX636, read. Sections, names and ranges: OpenEB 5.1.1 (`camera_serialization.cpp`
 * and the facilities that it sets).
 */

import { nearest } from "../../nearest.ts";
import { Mask } from "../masks/mask.ts";
import { type Message, parseMessage } from "../metavision/settings_message.ts";
import { FILE_NAMES } from "./bias_file.ts";
import { checkOffset } from "./bias_ranges.ts";
import { HEIGHT, type Imx636Biases, type Imx636Changes, PIXEL_MASK_LENGTH, WIDTH } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";

/** Values of enumerations, in the order of their numbers, and ours. */
export const FILTERING_MODES = { BAND_PASS: "band-pass", BAND_STOP: "band-stop" } as const;
export const TRAIL_TYPES = {
  TRAIL: "trail",
  STC_CUT_TRAIL: "stc-cut-trail",
  STC_KEEP_TRAIL: "stc-keep-trail",
} as const;
export const SYNC_MODES = { MASTER: "internal-with-output", SLAVE: "external", STANDALONE: "internal" } as const;
const REGION_MODES = ["ROI", "RONI"] as const;
const TRIGGER_CHANNELS = ["MAIN", "AUX", "LOOPBACK"] as const;

/** OpenEB's controller counts over 200 µs, which is no setting, and takes at most that many events. */
export const RATE_PERIOD_US = 200;
export const MAXIMUM_RATE_COUNT = 640_000;

/** Sections of other sensors. */
const FOREIGN_SECTIONS = [
  "event_rate_noise_filter_state",
  "event_rate_activity_filter_state",
  "trigger_out_state",
] as const;

/** What a text says: what `open` takes, and paths of what was not taken. */
export interface Imx636CameraSettings {
  readonly configuration: Imx636Changes;
  readonly ignored: readonly string[];
}

/** Reads camera settings. Throws a `SyntaxError`, a `TypeError` or a `RangeError` with the path. */
export function parseSettings(text: string, beyondRecommendedBiases: boolean): Imx636CameraSettings {
  const root = parseMessage(text);
  const configuration: Imx636Changes = {
    ...root.message("afk_state", readAntiFlicker),
    ...root.message("cam_sync_state", readClock),
    ...root.message("digital_crop_state", readCrop),
    ...root.message("digital_event_mask_state", readPixelMask),
    ...root.message("event_rate_control_state", readRateLimiter),
    ...root.message("event_trail_filter_state", readTrailFilter),
    ...root.message("ll_biases_state", (section) => readBiases(section, beyondRecommendedBiases)),
    ...root.message("roi_state", readRegion),
    ...root.message("trigger_in_state", readTrigger),
  };
  root.message("hw_register_state", refuseRegisters);
  for (const name of FOREIGN_SECTIONS) root.message(name, ignoreForeign);
  checkConfiguration(configuration);
  return { configuration, ignored: root.ignored() };
}

function readAntiFlicker(section: Message): Imx636Changes {
  const enabled = section.boolean("enabled");
  const minimumHz = section.wholeNumber("band_low_freq", 50, 520);
  const mode = section.oneOf("filtering_mode", Object.keys(FILTERING_MODES) as (keyof typeof FILTERING_MODES)[]);
  const antiFlicker = {
    minimumHz,
    maximumHz: section.wholeNumber("band_high_freq", minimumHz ?? 50, 520),
    mode: mode && FILTERING_MODES[mode],
    dutyCyclePercent: section.number("duty_cycle", 0, 100),
    startThreshold: section.wholeNumber("start_threshold", 0, 7),
    stopThreshold: section.wholeNumber("stop_threshold", 0, 7),
  };
  return switched(section, enabled, { antiFlicker });
}

function readClock(section: Message): Imx636Changes {
  const mode = section.oneOf("sync_mode", Object.keys(SYNC_MODES) as (keyof typeof SYNC_MODES)[]);
  return mode === undefined ? {} : { clock: SYNC_MODES[mode] };
}

function readCrop(section: Message): Imx636Changes {
  const enabled = section.boolean("enabled");
  const digitalCrop = section.message("region", (region) => {
    const corner = (name: string, minimum: number, end: number) => region.wholeNumberOrZero(name, minimum, end - 1);
    const [x, y] = [corner("X1", 0, WIDTH), corner("Y1", 0, HEIGHT)];
    // Both corners belong to the window.
    return { x, y, width: corner("X2", x, WIDTH) + 1 - x, height: corner("Y2", y, HEIGHT) + 1 - y };
  });
  if (enabled === true && digitalCrop === undefined) {
    throw new TypeError(`${section.label("enabled")} must be given together with region`);
  }
  return switched(section, enabled, { digitalCrop });
}

function readPixelMask(section: Message): Imx636Changes {
  const slots = section.messages("mask", PIXEL_MASK_LENGTH, (slot) => ({
    x: slot.wholeNumberOrZero("x", 0, WIDTH - 1),
    y: slot.wholeNumberOrZero("y", 0, HEIGHT - 1),
    enabled: slot.boolean("enabled") ?? false,
  }));
  return { pixelMask: slots.filter(({ enabled }) => enabled).map(({ x, y }) => ({ x, y })) };
}

function readRateLimiter(section: Message): Imx636Changes {
  const enabled = section.boolean("enabled");
  const maximumEventsPerPeriod = section.wholeNumber("cd_event_count", 0, MAXIMUM_RATE_COUNT) ?? 10_000;
  return switched(section, enabled, { rateLimiter: { referencePeriodUs: RATE_PERIOD_US, maximumEventsPerPeriod } });
}

function readTrailFilter(section: Message): Imx636Changes {
  const enabled = section.boolean("enabled");
  const type = section.oneOf("filtering_type", Object.keys(TRAIL_TYPES) as (keyof typeof TRAIL_TYPES)[]) ?? "TRAIL";
  const thresholdUs = section.wholeNumber("threshold", 1_000, 100_000) ?? 10_000;
  return switched(section, enabled, { trailFilter: { type: TRAIL_TYPES[type], thresholdUs } });
}

/** A feature that is off has no figures here; and figures alone do not tell whether it is on. */
function switched(section: Message, enabled: boolean | undefined, on: Imx636Changes): Imx636Changes {
  if (enabled === true) return on;
  if (enabled === false) return Object.fromEntries(Object.keys(on).map((name) => [name, null]));
  section.ignoreAll();
  return {};
}

function readBiases(section: Message, beyondRecommendedBiases: boolean): Imx636Changes {
  const names: Readonly<Record<string, keyof Imx636Biases>> = FILE_NAMES;
  const biases = new Map<string, number>();
  section.messages("bias", Infinity, (bias) => {
    const [fileName, value] = [bias.text("name") ?? "", bias.wholeNumberOrZero("value", -(2 ** 31), 2 ** 31 - 1)];
    if (!Object.hasOwn(names, fileName)) throw unknownBias(bias.label("name"), fileName);
    const name = names[fileName]!;
    checkOffset(name, value, { label: `${bias.label("value")} (${fileName})`, beyondRecommendedBiases });
    const before = biases.get(name) ?? value;
    if (before !== value) {
      throw new TypeError(`${bias.label("name")}: ${fileName} must have one value, not ${before} and ${value}`);
    }
    biases.set(name, value);
  });
  return { biases: Object.fromEntries(biases), ...(beyondRecommendedBiases ? { beyondRecommendedBiases } : {}) };
}

function unknownBias(label: string, name: string): TypeError {
  const known = Object.keys(FILE_NAMES);
  const meant = nearest(name, known);
  const help = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return new TypeError(`${label} must be one of ${known.join(", ")}, not ${JSON.stringify(name)}${help}`);
}

/** Windows, or else lines of columns and rows: lines win, as OpenEB sets them last. */
function readRegion(section: Message): Imx636Changes {
  const enabled = section.boolean("enabled");
  const mode = section.oneOf("mode", REGION_MODES) ?? "ROI";
  const windows = section.messages("window", 1, (window) => {
    const [x, y] = [window.wholeNumberOrZero("x", 0, WIDTH - 1), window.wholeNumberOrZero("y", 0, HEIGHT - 1)];
    const width = window.wholeNumberOrZero("width", 1, WIDTH - x);
    return { x, y, width, height: window.wholeNumberOrZero("height", 1, HEIGHT - y) };
  });
  const lines = { columns: linesOf(section, "columns", WIDTH), rows: linesOf(section, "rows", HEIGHT) };
  const applies = enabled === undefined ? {} : { masksEnabled: enabled };
  if (lines.columns !== undefined && lines.rows !== undefined) {
    if (windows.length > 0) section.ignore("window");
    return { xMask: lines.columns, yMask: lines.rows, maskIntersectionOnly: mode === "RONI", ...applies };
  }
  if (lines.columns !== undefined || lines.rows !== undefined) {
    throw new TypeError(`${section.label("columns")} must be given together with rows`);
  }
  if (windows.length === 0) {
    // Without a region all pixels send; one that is set later shall apply.
    return enabled === false ? { regionOfInterest: null, masksEnabled: true } : applies;
  }
  return { ...(mode === "ROI" ? { regionOfInterest: windows } : { regionOfNonInterest: windows }), ...applies };
}

/** A mask from lines of which true ones send; undefined where there are none. */
function linesOf(section: Message, name: "columns" | "rows", length: number): Mask | undefined {
  const sending = section.booleans(name);
  if (sending.length === 0) return undefined;
  if (sending.length === length) return Mask.from(sending, (sends) => sends ? 0 : 1) as Mask;
  throw new RangeError(`${section.label(name)} must have a length of ${length}, or of 0, not ${sending.length}`);
}

function readTrigger(section: Message): Imx636Changes {
  const channels = new Map<string, boolean>();
  section.messages("channel_status", Infinity, (status) => {
    const [channel, enabled] = [
      status.oneOf("channel", TRIGGER_CHANNELS) ?? "MAIN",
      status.boolean("enabled") ?? false,
    ];
    if (channel !== "MAIN" && enabled) {
      throw new TypeError(
        `${status.label("channel")} must be MAIN, the one trigger input of the sensor, not ${channel}`,
      );
    }
    if ((channels.get(channel) ?? enabled) !== enabled) {
      throw new TypeError(`${status.label("channel")}: ${channel} must be given once, not enabled and disabled`);
    }
    channels.set(channel, enabled);
  });
  const externalTrigger = channels.get("MAIN");
  return externalTrigger === undefined ? {} : { externalTrigger };
}

/** Metavision never writes such a section; it may hold any access to registers, of which the driver would know nothing. */
function refuseRegisters(section: Message): void {
  for (const name of ["num_access", "str_access", "bitfield_access"]) {
    if (section.messages(name, Infinity, () => true).length > 0) {
      throw new TypeError(`${section.label(name)} must be empty: single registers are no settings of this library`);
    }
  }
}

function ignoreForeign(section: Message): void {
  if (section.boolean("enabled") === true) {
    throw new TypeError(`${section.label("enabled")} must be false: the sensor has no such part`);
  }
  section.ignoreAll();
}
