/**
 * The text header of a Prophesee RAW file, as OpenEB 5 writes it: lines `% key value`, sorted by their keys, then
 * `% end`. The words of the sensor follow.
 *
 *     % camera_integrator_name Prophesee
 *     % date 2024-05-17 13:45:02
 *     % evt 3.0
 *     % format EVT3;height=720;width=1280
 *     % geometry 1280x720
 *     % plugin_integrator_name Prophesee
 *     % plugin_name hal_plugin_prophesee
 *     % sensor_generation 4.2
 *     % sensor_name IMX636
 *     % serial_number 00050abc
 *     % system_ID 49
 *     % end
 *
 * OpenEB chooses the plugin that opens a file by integrator and plugin name, so those of Prophesee's plugin stand there
 * for each camera. Without `% end`, a first EVT3 word 0x2025 would be taken for another line.
 */

import type { EventFormat } from "../decoder/decoder.ts";
import type { Geometry } from "../types.ts";

/** What a header says beside the format, by the keys that RAW files have: `serial_number`, `sensor_name`, … */
export type RawHeaderFields = Readonly<Record<string, string>>;

/** What a header is made of. */
export interface RawHeaderOptions {
  /** What the words after the header are. */
  readonly format: EventFormat;
  /** The size of the sensor. */
  readonly geometry: Geometry;
  /** When the recording began, told in local time and whole seconds. Default: now. */
  readonly date?: Date | undefined;
  /**
   * Further keys. They replace the integrators, the plugin's name and the date, but not `format`, `geometry`, `evt` and
   * `endianness`, which say what the words are. `t0`, which a reader adds to all times, is left out: packets have it
   * already.
   */
  readonly fields?: RawHeaderFields | undefined;
}

/** How a header names each format: `% evt` and `% format`, the latter's options in the order of the alphabet. */
const names: Readonly<
  Record<EventFormat, { readonly evt: string; readonly name: string; readonly endianness?: string }>
> = {
  evt3: { evt: "3.0", name: "EVT3" },
  evt2: { evt: "2.0", name: "EVT2" },
  "evt21": { evt: "2.1", name: "EVT21", endianness: "little" },
  "evt21-legacy": { evt: "2.1", name: "EVT21", endianness: "legacy" },
  evt4: { evt: "4.0", name: "EVT4" },
};

/** Bytes of a word, by format. */
export const wordBytes: Readonly<Record<EventFormat, number>> = {
  evt3: 2,
  evt2: 4,
  evt21: 8,
  "evt21-legacy": 8,
  evt4: 4,
};

/** Keys, in any case, that say what the words and their times are. Another file's would say it wrongly. */
const ownKeys: readonly string[] = ["evt", "format", "geometry", "endianness", "t0", "end"];

/** What OpenEB looks for before it tries every plugin. */
const openedBy: RawHeaderFields = {
  camera_integrator_name: "Prophesee",
  plugin_integrator_name: "Prophesee",
  plugin_name: "hal_plugin_prophesee",
};

/**
 * Makes the header of a RAW file, `% end` and its line feed included. Values are put into one line; a key that is empty
 * or has a blank is left out, as is a value without a visible character.
 */
export function rawHeaderText({ format, geometry, date = new Date(), fields = {} }: RawHeaderOptions): string {
  const { evt, name, endianness } = names[format];
  const { width, height } = geometry;
  const order = endianness === undefined ? "" : `endianness=${endianness};`;
  const all: RawHeaderFields = {
    date: localTime(date),
    ...openedBy,
    ...Object.fromEntries(Object.entries(fields).filter(([key]) => !ownKeys.includes(key.toLowerCase()))),
    evt,
    format: `${name};${order}height=${height};width=${width}`,
    geometry: `${width}x${height}`,
  };
  const lines = Object.entries(all)
    .map(([key, value]) => [key, oneLine(value)] as const)
    .filter(([key, value]) => /^[\x21-\x7e]+$/.test(key) && value !== "")
    .sort(([left], [right]) => left < right ? -1 : 1)
    .map(([key, value]) => `% ${key} ${value}\n`);
  return `${lines.join("")}% end\n`;
}

/** OpenEB's reader splits a value at blanks and joins its parts by single ones. */
function oneLine(value: string): string {
  // deno-lint-ignore no-control-regex
  return value.replace(/[\s\x00-\x1f\x7f]+/g, " ").trim();
}

function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}
