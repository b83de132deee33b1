/**
 * Metavision's camera settings of an IMX636, written: the same bytes as OpenEB 5.1.1 writes for the same settings
 * (`camera_serialization.cpp`). What is off has the figures of OpenEB's default.
 */

import { outOfRange } from "../../checks.ts";
import type { Rect } from "../../types.ts";
import { DEFAULT_ANTI_FLICKER } from "./anti_flicker.ts";
import { fileBiases } from "./bias_file.ts";
import { FILTERING_MODES, MAXIMUM_RATE_COUNT, RATE_PERIOD_US, SYNC_MODES, TRAIL_TYPES } from "./camera_settings.ts";
import { DEFAULT_CONFIGURATION, type Imx636Configuration, PIXEL_MASK_LENGTH } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";

/** The text of a configuration. Throws a `RangeError` for what camera settings cannot hold. */
export function formatSettings(configuration: Imx636Configuration): string {
  const biases = fileBiases(configuration, "a file of camera settings");
  const complete = checkConfiguration(configuration) as Imx636Configuration;
  refuseUnholdable(complete);
  const settings = {
    afk_state: antiFlickerState(complete),
    cam_sync_state: { sync_mode: nameOf(SYNC_MODES, complete.clock) },
    digital_crop_state: cropState(complete),
    digital_event_mask_state: { mask: pixelMaskSlots(complete) },
    event_rate_control_state: {
      enabled: complete.rateLimiter !== null,
      cd_event_count: complete.rateLimiter?.maximumEventsPerPeriod ?? 10_000,
    },
    event_trail_filter_state: {
      enabled: complete.trailFilter !== null,
      filtering_type: nameOf(TRAIL_TYPES, complete.trailFilter?.type ?? "trail"),
      threshold: complete.trailFilter?.thresholdUs ?? 10_000,
    },
    ll_biases_state: { bias: [...biases].map(([name, value]) => ({ name, value })) },
    roi_state: regionState(complete),
    trigger_in_state: { channel_status: [{ channel: "MAIN", enabled: complete.externalTrigger }] },
  };
  return JSON.stringify(settings, null, 1) + "\n";
}

/** Settings that Metavision has no place for, where they are not what it takes for granted. */
function refuseUnholdable({ digitalCrop, rateLimiter, ...rest }: Imx636Configuration): void {
  const refuse = (name: string, value: unknown, wanted: unknown) => {
    if (value === wanted) return;
    throw outOfRange(
      `configuration.${name}`,
      `${JSON.stringify(wanted)}, as camera settings have no place for it`,
      value,
    );
  };
  for (const name of ["output", "eventFormat", "packetPeriodUs"] as const) {
    refuse(name, rest[name], DEFAULT_CONFIGURATION[name]);
  }
  refuse("digitalCrop.resetOrigin", digitalCrop?.resetOrigin ?? false, false);
  if (rateLimiter === null) return;
  refuse("rateLimiter.referencePeriodUs", rateLimiter.referencePeriodUs, RATE_PERIOD_US);
  const { maximumEventsPerPeriod } = rateLimiter;
  if (maximumEventsPerPeriod > MAXIMUM_RATE_COUNT) {
    const limit = `at most ${MAXIMUM_RATE_COUNT}, which is Metavision's limit`;
    throw outOfRange("configuration.rateLimiter.maximumEventsPerPeriod", limit, maximumEventsPerPeriod);
  }
}

function antiFlickerState({ antiFlicker }: Imx636Configuration): object {
  const filter = antiFlicker ?? DEFAULT_ANTI_FLICKER;
  return {
    enabled: antiFlicker !== null,
    band_low_freq: filter.minimumHz,
    band_high_freq: filter.maximumHz,
    filtering_mode: nameOf(FILTERING_MODES, filter.mode),
    duty_cycle: filter.dutyCyclePercent,
    start_threshold: filter.startThreshold,
    stop_threshold: filter.stopThreshold,
  };
}

function cropState({ digitalCrop }: Imx636Configuration): object {
  if (digitalCrop === null) return { region: { X1: 0, Y1: 0, X2: 0, Y2: 0 }, enabled: false };
  const { x, y, width, height } = digitalCrop;
  return { region: { X1: x, Y1: y, X2: x + width - 1, Y2: y + height - 1 }, enabled: true };
}

function pixelMaskSlots({ pixelMask }: Imx636Configuration): readonly object[] {
  return Array.from({ length: PIXEL_MASK_LENGTH }, (_, slot) => {
    const { x = 0, y = 0 } = pixelMask[slot] ?? {};
    return { x, y, enabled: slot < pixelMask.length };
  });
}

/** A window where the masks are one, and lines of columns and rows where they are not. */
function regionState({ xMask, yMask, maskIntersectionOnly, masksEnabled: enabled }: Imx636Configuration): object {
  const mode = maskIntersectionOnly ? "RONI" : "ROI";
  if (!xMask.includes(1) && !yMask.includes(1)) {
    return { window: [], columns: [], rows: [], enabled: false, mode: "ROI" };
  }
  const window = rectangleOf(xMask, yMask, maskIntersectionOnly ? 1 : 0);
  if (window !== undefined) return { window: [window], columns: [], rows: [], enabled, mode };
  const sending = (mask: Uint8Array) => Array.from(mask, (masked) => masked === 0);
  return { window: [], columns: sending(xMask), rows: sending(yMask), enabled, mode };
}

/** The rectangle of the columns and rows with a value; undefined where they are none, or more than one. */
function rectangleOf(columns: Uint8Array, rows: Uint8Array, value: number): Rect | undefined {
  const [horizontal, vertical] = [spanOf(columns, value), spanOf(rows, value)];
  if (horizontal === undefined || vertical === undefined) return undefined;
  return { x: horizontal.start, y: vertical.start, width: horizontal.length, height: vertical.length };
}

function spanOf(mask: Uint8Array, value: number): { readonly start: number; readonly length: number } | undefined {
  const start = mask.indexOf(value);
  if (start === -1) return undefined;
  const length = mask.lastIndexOf(value) + 1 - start;
  return mask.subarray(start, start + length).every((each) => each === value) ? { start, length } : undefined;
}

/** Metavision's name for one of our values. */
function nameOf(values: Readonly<Record<string, string>>, ours: string): string {
  return Object.entries(values).find(([, value]) => value === ours)![0];
}
