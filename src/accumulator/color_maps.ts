import { arrayOf, object, oneOf, wholeNumber, wrongKind } from "../checks.ts";
import type { Color, ColorMap, ColorMapName } from "./accumulator.ts";

/** Colours by level, 256 of OFF and 256 of ON, as native code takes them: red in the lowest byte of each. */
export type ColorTable = Uint32Array<ArrayBuffer>;

const toWhite: readonly Color[] = [[0, 0, 0], [150, 0, 30], [235, 80, 0], [255, 200, 40], [255, 255, 255]];

const named: Readonly<Record<ColorMapName, ColorMap>> = {
  "orange-blue": { off: [[0, 0, 0], [60, 140, 255]], on: [[0, 0, 0], [255, 170, 50]] },
  dark: { off: [[28, 36, 52], [70, 130, 200]], on: [[28, 36, 52], [255, 255, 255]] },
  light: { off: [[255, 255, 255], [28, 36, 52]], on: [[255, 255, 255], [70, 130, 200]] },
  "cool-warm": { off: [[220, 224, 232], [60, 100, 200]], on: [[220, 224, 232], [200, 40, 50]] },
  gray: { off: [[128, 128, 128], [0, 0, 0]], on: [[128, 128, 128], [255, 255, 255]] },
  heat: { off: toWhite, on: toWhite },
};

const checkColors = arrayOf<Color>((value, name) => {
  if (!Array.isArray(value) || value.length < 3 || value.length > 4) {
    throw wrongKind(name, "an array of red, green, blue and perhaps opacity", value);
  }
  return value.map((part, index) => checkPart(part, `${name}[${index}]`)) as unknown as Color;
}, 256);

const checkPart = wholeNumber(0, 255);
const checkName = oneOf(Object.keys(named) as ColorMapName[]);
const checkMap = object<ColorMap>({ off: someColors, on: someColors }, ["off", "on"]);

function someColors(value: unknown, name: string): readonly Color[] {
  const colors = checkColors(value, name);
  if (colors.length === 0) throw new RangeError(`${name} must have at least one colour`);
  return colors;
}

/** Tables that were made, by the name or the object that was given: of an object that is changed later, the first one. */
const byName = new Map<string, ColorTable>();
const byObject = new WeakMap<object, ColorTable>();

/**
 * The table of a colour map.
 *
 * @throws {TypeError | RangeError} for what is no name of one, nor lists of colours.
 */
export function colorTable(map: unknown, name: string): ColorTable {
  if (typeof map === "object" && map !== null) {
    const known = byObject.get(map);
    if (known !== undefined) return known;
    const table = tableOf(checkMap(map, name));
    byObject.set(map, table);
    return table;
  }
  if (typeof map !== "string") throw wrongKind(name, "the name of a colour map, or an object with off and on", map);
  const known = byName.get(map);
  if (known !== undefined) return known;
  const table = tableOf(named[checkName(map, name)]);
  byName.set(map, table);
  return table;
}

function tableOf({ off, on }: ColorMap): ColorTable {
  const table = new Uint32Array(512);
  for (let level = 0; level < 256; ++level) {
    table[level] = mixed(off, level);
    table[256 + level] = mixed(on, level);
  }
  table[0] = table[256]!; // nothing is neither OFF nor ON
  return table;
}

/** The colour of a level from 0 to 255. */
function mixed(colors: readonly Color[], level: number): number {
  const position = level * (colors.length - 1) / 255;
  const index = Math.floor(position);
  const [from, to] = [colors[index]!, colors[Math.min(index + 1, colors.length - 1)]!];
  const part = (channel: 0 | 1 | 2 | 3) => {
    const start = from[channel] ?? 255;
    return Math.round(start + ((to[channel] ?? 255) - start) * (position - index));
  };
  return (part(0) | part(1) << 8 | part(2) << 16 | part(3) << 24) >>> 0;
}
