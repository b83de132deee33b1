import type { Geometry, PolarityEvents } from "../../mod.ts";
import { Activity } from "./activity.ts";
import { drawPicture, type PictureStyle } from "./picture.ts";

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

/** Lines of text below the picture: the title, the line of the second, and the one that the cursor is on. */
const linesBelow = 3;

/**
 * A picture of the last events with a title and a line of text below it, redrawn in place, so that what the terminal
 * showed before stays above it. Between the constructor and {@link LiveView.close} the cursor is hidden.
 */
export class LiveView {
  readonly #terminal: Terminal;
  readonly #sensor: Geometry;
  readonly #style: PictureStyle;
  readonly #title: string;
  #activity: Activity;
  /** Lines that the view takes on the terminal now. */
  #drawnLines = 0;
  #fadedAtMs: number | undefined;

  constructor(terminal: Terminal, sensor: Geometry, style: PictureStyle, title: string) {
    this.#terminal = terminal;
    this.#sensor = sensor;
    this.#style = style;
    this.#title = title;
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
    const { columns } = sizeOf(this.#terminal);
    const below = [this.#title, text].map((line) => line.slice(0, columns - 1));
    const lines = [...drawPicture(this.#activity, this.#style), ...below];
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

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that does not know its size says so by 0 x 0: most have at least 80 x 24. */
function sizeOf({ columns, rows }: Pick<Terminal, "columns" | "rows">): Size {
  return { columns: columns || 80, rows: rows || 24 };
}

/** The largest grid of square cells, two above each other in a character, that fits the terminal. */
export function gridFor(terminal: Pick<Terminal, "columns" | "rows">, { width, height }: Geometry): Size {
  const { columns, rows } = sizeOf(terminal);
  const availableRows = 2 * Math.max(1, rows - linesBelow);
  const gridColumns = Math.max(1, Math.min(columns, maximumColumns, Math.floor(availableRows * width / height)));
  const gridRows = 2 * Math.max(1, Math.min(availableRows / 2, Math.round(gridColumns * height / width / 2)));
  return { columns: gridColumns, rows: gridRows };
}
