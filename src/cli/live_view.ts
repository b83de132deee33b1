import type { Geometry, PolarityEvents } from "../../mod.ts";
import { Activity } from "./activity.ts";
import { type ColourDepth, drawPicture } from "./picture.ts";

/** What the view needs of a terminal; `process.stdout` is one. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  readonly writableNeedDrain: boolean;
  write(text: string): unknown;
}

/** After this time an event has faded to 1/e: an exposure, long enough to gather a shape and too short to smear it. */
const fadingMs = 15;

/** Wider pictures say no more, and take longer to send. */
const maximumColumns = 160;

/** Lines of text below the picture: the line of the second, and the one that the cursor is on. */
const linesBelow = 2;

/**
 * A picture of the last events with a line of text below it, redrawn in place, so that what the terminal showed before
 * stays above it. Between the constructor and {@link LiveView.close} the cursor is hidden.
 */
export class LiveView {
  readonly #terminal: Terminal;
  readonly #sensor: Geometry;
  readonly #depth: ColourDepth;
  #activity: Activity;
  /** Lines that the view takes on the terminal now. */
  #drawnLines = 0;
  #fadedAtMs: number | undefined;

  constructor(terminal: Terminal, sensor: Geometry, depth: ColourDepth) {
    this.#terminal = terminal;
    this.#sensor = sensor;
    this.#depth = depth;
    this.#activity = new Activity(sensor, gridFor(terminal, sensor));
    terminal.write("\x1b[?25l");
  }

  /** Counts events, received now, for the next picture. */
  add(events: Pick<PolarityEvents, "x" | "y" | "on">, nowMs: number): void {
    this.#fade(nowMs);
    this.#activity.add(events);
  }

  /** Draws picture and text; does nothing while the terminal has not taken the last one yet. */
  draw(text: string, nowMs: number): void {
    if (this.#terminal.writableNeedDrain) return;
    this.#fade(nowMs);
    const lines = [...drawPicture(this.#activity, this.#depth), text.slice(0, (this.#terminal.columns ?? 80) - 1)];
    // Synchronised output (mode 2026): a terminal that knows it shows the whole picture at once.
    this.#terminal.write(
      `\x1b[?2026h${this.#toTop()}${lines.map((line) => `${line}\x1b[K\n`).join("")}\x1b[?2026l`,
    );
    this.#drawnLines = lines.length;
    this.#followSize();
  }

  /** Leaves the last picture where it is and shows the cursor again. */
  close(): void {
    this.#terminal.write("\x1b[0m\x1b[?25h");
  }

  #fade(nowMs: number): void {
    this.#activity.decay(Math.exp(-(nowMs - (this.#fadedAtMs ?? nowMs)) / fadingMs));
    this.#fadedAtMs = nowMs;
  }

  #toTop(): string {
    return this.#drawnLines === 0 ? "" : `\x1b[${this.#drawnLines}A\r`;
  }

  /** A terminal of another size needs another grid. Its old content has been rearranged, so the screen is cleared. */
  #followSize(): void {
    const { columns, rows } = gridFor(this.#terminal, this.#sensor);
    if (columns === this.#activity.columns && rows === this.#activity.rows) return;
    this.#activity = new Activity(this.#sensor, { columns, rows });
    this.#terminal.write("\x1b[2J\x1b[H");
    this.#drawnLines = 0;
  }
}

/** The largest grid of square cells, two above each other in a character, that fits the terminal. */
export function gridFor(
  { columns = 80, rows = 24 }: Pick<Terminal, "columns" | "rows">,
  { width, height }: Geometry,
): { columns: number; rows: number } {
  const availableRows = 2 * Math.max(1, rows - linesBelow);
  const gridColumns = Math.max(1, Math.min(columns, maximumColumns, Math.floor(availableRows * width / height)));
  const gridRows = 2 * Math.max(1, Math.min(availableRows / 2, Math.round(gridColumns * height / width / 2)));
  return { columns: gridColumns, rows: gridRows };
}

/**
 * Terminals tell in COLORTERM that they have more than the 256 colours that nearly all have; users who want none set
 * NO_COLOR.
 */
export function colourDepthOf(environment: Readonly<Record<string, string | undefined>>): ColourDepth {
  if (environment.NO_COLOR) return "none";
  return /truecolor|24bit/i.test(environment.COLORTERM ?? "") ? "24-bit" : "256";
}
