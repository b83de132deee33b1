import type { Activity } from "./activity.ts";

/**
 * What a terminal can show: ASCII only; half blocks without colours; half blocks in 256 colours (xterm's palette) or in 24
 * bits.
 */
export type PictureStyle = "ascii" | "monochrome" | "256" | "24-bit";

type ColourDepth = Exclude<PictureStyle, "ascii" | "monochrome">;

/** Characters for a lit cell above (1), below (2), and both (3), where there are no colours. */
const characters = { ascii: " '.:", monochrome: " ▀▄█" } as const;

/** Red, green and blue, 0 to 255, for ON and OFF events at full brightness. */
const onColour = [255, 190, 80] as const;
const offColour = [60, 140, 255] as const;

/** Steps of brightness: few, so that neighbours share a colour and a picture stays small to send. */
const brightnessSteps = 12;

/** Cells at least this bright are drawn where there are no colours: brighter than one event among many others. */
const litWithoutColours = 0.6;

/**
 * Draws the activity as lines of text. A character shows two rows of cells, by half blocks in the colours of the upper
 * and the lower cell, so cells come out about square. The activity's rows must be even.
 */
export function drawPicture(activity: Activity, style: PictureStyle): string[] {
  const isPlain = style === "ascii" || style === "monochrome";
  const cells = isPlain ? litCells(activity) : cellColours(activity);
  const lines: string[] = [];
  for (let row = 0; row + 1 < activity.rows; row += 2) {
    const upper = cells.subarray(row * activity.columns, (row + 1) * activity.columns);
    const lower = cells.subarray((row + 1) * activity.columns, (row + 2) * activity.columns);
    lines.push(isPlain ? drawPlainLine(upper, lower, characters[style]) : drawColouredLine(upper, lower, style));
  }
  return lines;
}

function drawPlainLine(upper: Uint32Array, lower: Uint32Array, glyphs: string): string {
  return Array.from(upper, (above, column) => glyphs[above + 2 * lower[column]!]).join("").trimEnd();
}

/**
 * Foreground on background: the lit half alone is drawn where only one is, so that the text has the picture's shape
 * also where its colours are lost. Codes are written only where a colour changes.
 */
function drawColouredLine(upper: Uint32Array, lower: Uint32Array, depth: ColourDepth): string {
  let line = "";
  let [foreground, background] = [-1, -1];
  for (let column = 0; column < upper.length; ++column) {
    const [above, below] = [upper[column]!, lower[column]!];
    const lowerOnly = above === 0 && below !== 0;
    const [wantedForeground, wantedBackground] = lowerOnly ? [below, above] : [above, below];
    const isDark = above === 0 && below === 0;
    if (wantedForeground !== foreground && !isDark) {
      foreground = wantedForeground;
      line += colourCode(38, foreground, depth);
    }
    if (wantedBackground !== background) {
      background = wantedBackground;
      line += colourCode(48, background, depth);
    }
    line += isDark ? " " : lowerOnly ? "▄" : "▀";
  }
  return `${line}\x1b[0m`;
}

/** 1 for each cell that is drawn where there are no colours. */
function litCells({ levels }: Activity): Uint32Array {
  const scale = typicalLevel(levels);
  return Uint32Array.from({ length: levels.length / 2 }, (_, cell) => {
    return brightness(levels[2 * cell]! + levels[2 * cell + 1]!, scale) >= litWithoutColours ? 1 : 0;
  });
}

/** The colour of each cell as 0xRRGGBB; black where nothing happens. */
function cellColours({ levels }: Activity): Uint32Array {
  const scale = typicalLevel(levels);
  const colours = new Uint32Array(levels.length / 2);
  for (let cell = 0; cell < colours.length; ++cell) {
    const off = brightness(levels[2 * cell]!, scale);
    const on = brightness(levels[2 * cell + 1]!, scale);
    let colour = 0;
    for (let channel = 0; channel < 3; ++channel) {
      const mixed = Math.min(255, Math.round(on * onColour[channel]! + off * offColour[channel]!));
      colour = colour * 256 + mixed;
    }
    colours[cell] = colour;
  }
  return colours;
}

/**
 * The mean level of the cells where something happens: it is the picture's exposure, so that a quiet scene and a busy
 * one both show. At least one event, because less is the fading past.
 */
function typicalLevel(levels: Float32Array): number {
  let sum = 0;
  let active = 0;
  for (const level of levels) {
    if (level < 0.5) continue;
    sum += level;
    ++active;
  }
  return active === 0 ? 1 : Math.max(1, sum / active);
}

/** 0 to 1 in steps; saturates softly, because counts vary over orders of magnitude. */
function brightness(level: number, scale: number): number {
  return Math.round((1 - Math.exp(-level / scale)) * brightnessSteps) / brightnessSteps;
}

/** The escape sequence for a foreground (38) or background (48) colour. */
function colourCode(which: 38 | 48, colour: number, depth: ColourDepth): string {
  const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
  if (depth === "24-bit") return `\x1b[${which};2;${red};${green};${blue}m`;
  // The palette's cube of 6 x 6 x 6 colours begins at 16.
  const [r, g, b] = [red, green, blue].map((value) => Math.round(value / 51));
  return `\x1b[${which};5;${16 + 36 * r! + 6 * g! + b!}m`;
}
