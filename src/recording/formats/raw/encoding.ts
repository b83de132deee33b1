/** What the keys of a RAW header mean: how events are encoded, and the size of the sensor. */

import type { Geometry } from "../../../types.ts";
import { systems } from "./systems.ts";

/** Names of encodings as headers have them. */
export type RawEncoding = "EVT2" | "EVT21" | "EVT3" | "EVT4";

/** A mistake in a header: what is wrong with it, as the end of a sentence. */
export class HeaderMistake extends Error {}

/** What a header says of its encoding. */
export interface EncodingFacts {
  /** The name as it stands there, `"HISTO3D"` for example. */
  readonly name: string;
  /** Undefined where it is none that holds events. */
  readonly encoding: RawEncoding | undefined;
  /** What follows the name: `height`, `width`, `endianness`. */
  readonly options: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, string>>;

/** Numbers of the old key `evt`. */
const numbers: Readonly<Record<string, RawEncoding>> = { "2.0": "EVT2", "2.1": "EVT21", "3.0": "EVT3", "4.0": "EVT4" };
const names: Readonly<Record<string, RawEncoding>> = {
  EVT2: "EVT2",
  EVT21: "EVT21",
  "EVT2.1": "EVT21",
  EVT3: "EVT3",
  EVT4: "EVT4",
};

/** A field by its key in any case: `Date` and `date`, `system_ID` and `system_id`. */
export function fieldOf(fields: Fields, key: string): string | undefined {
  const found = Object.keys(fields).find((name) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : fields[found];
}

/** The encoding, by the keys `format`, `evt` and `system_ID`, the first one of them; undefined where there is none. */
export function encodingOf(fields: Fields): EncodingFacts | undefined {
  const format = fieldOf(fields, "format");
  if (format !== undefined) {
    const [name = "", ...rest] = format.split(";").map((part) => part.trim());
    const options = Object.fromEntries(rest.filter((part) => part !== "").map(optionOf));
    return { name, encoding: names[name], options };
  }
  const evt = fieldOf(fields, "evt");
  if (evt !== undefined) return { name: `evt ${evt}`, encoding: numbers[evt], options: {} };
  const system = systemOf(fields);
  return system && { name: system.encoding, encoding: system.encoding, options: {} };
}

function optionOf(part: string): [string, string] {
  const at = part.indexOf("=");
  return at < 0 ? [part, ""] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}

function systemOf(fields: Fields) {
  const id = fieldOf(fields, "system_ID");
  return id === undefined || !/^[0-9]+$/.test(id) ? undefined : systems[Number(id)];
}

/**
 * Whether the halves of EVT2.1's words come upper half first. Without a word on it a header means so where it is
 * Prophesee's own, and its board is not known to be a later one.
 *
 * @throws {HeaderMistake}
 */
export function isLegacy(fields: Fields, { options }: EncodingFacts): boolean {
  const endianness = options.endianness ?? fieldOf(fields, "endianness");
  if (endianness === "legacy") return true;
  if (endianness === "little") return false;
  if (endianness !== undefined) throw new HeaderMistake(`endianness "${endianness}" is neither "legacy" nor "little"`);
  const common = fieldOf(fields, "integrator_name") || "Prophesee";
  const [camera, plugin] = [fieldOf(fields, "camera_integrator_name"), fieldOf(fields, "plugin_integrator_name")];
  const integrators = camera || plugin ? [camera, plugin] : [common, common];
  const system = Number(fieldOf(fields, "system_ID") ?? -1);
  return integrators.every((name) => name === "Prophesee") && system !== 0 && system < 0x37;
}

/** How well the size of a sensor is known. */
export interface GeometryFacts extends Geometry {
  /** It was not told, but follows from the name of the board or the sensor, which some programs write for any sensor. */
  readonly isGuess: boolean;
}

/** The largest side that the encodings can address. */
export const largestSide = 2048;

/**
 * The size of the sensor; undefined where the header does not tell it.
 *
 * @throws {HeaderMistake} for a size that is none, and for two that differ.
 */
export function geometryOf(fields: Fields, { options }: EncodingFacts): GeometryFacts | undefined {
  const geometry = fieldOf(fields, "geometry");
  const told = geometry === undefined ? undefined : sizeOf(...sidesOf(geometry), `geometry "${geometry}"`);
  const { width, height } = options;
  const inFormat = width === undefined || height === undefined
    ? undefined
    : sizeOf(width, height, `format has width "${width}" and height "${height}", which`);
  if (
    told !== undefined && inFormat !== undefined && (told.width !== inFormat.width || told.height !== inFormat.height)
  ) {
    throw new HeaderMistake(`geometry "${geometry}" is not the ${inFormat.width}x${inFormat.height} of its format`);
  }
  const known = told ?? inFormat;
  if (known !== undefined) return { ...known, isGuess: false };
  const guess = systemOf(fields) ?? generationOf(fields);
  return guess && { width: guess.width, height: guess.height, isGuess: true };
}

function sidesOf(geometry: string): [string, string] {
  const [width, height, ...rest] = geometry.split("x");
  if (height === undefined || rest.length > 0) throw new HeaderMistake(`geometry "${geometry}" is not WIDTHxHEIGHT`);
  return [width!, height];
}

function sizeOf(width: string, height: string, what: string): Geometry {
  const isSide = (text: string) => /^[0-9]+$/.test(text) && Number(text) >= 1 && Number(text) <= largestSide;
  if (!isSide(width) || !isSide(height)) throw new HeaderMistake(`${what} is no size from 1x1 to 2048x2048`);
  return { width: Number(width), height: Number(height) };
}

/** Sizes by the sensor's name and generation. */
function generationOf(fields: Fields): Geometry | undefined {
  const generation = fieldOf(fields, "sensor_generation") ?? fieldOf(fields, "generation") ?? "";
  if (/^3(\.|$)/.test(generation)) return { width: 640, height: 480 };
  if (/^4(\.|$)/.test(generation)) return { width: 1280, height: 720 };
  return undefined;
}
