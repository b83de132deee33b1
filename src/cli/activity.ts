import type { Geometry, PolarityEvents } from "../../mod.ts";

/**
 * How much happens in each part of the sensor: a coarse grid of cells with exponentially decaying counts of ON and OFF
 * events. Cells are laid over the sensor evenly; each pixel belongs to one.
 */
export class Activity {
  /** Cells in a row, and rows of cells. */
  readonly columns: number;
  readonly rows: number;
  /** Decayed counts: that of OFF events of cell i at 2 i, that of ON events at 2 i + 1; cells row by row. */
  readonly levels: Float32Array;
  /** For each x its column, and for each y the first cell of its row: a division for each event would cost more. */
  readonly #columnOfX: Uint32Array;
  readonly #rowStartOfY: Uint32Array;

  constructor(sensor: Geometry, grid: { readonly columns: number; readonly rows: number }) {
    this.columns = grid.columns;
    this.rows = grid.rows;
    this.levels = new Float32Array(2 * grid.columns * grid.rows);
    this.#columnOfX = Uint32Array.from({ length: sensor.width }, (_, x) => Math.floor(x * grid.columns / sensor.width));
    this.#rowStartOfY = Uint32Array.from(
      { length: sensor.height },
      (_, y) => Math.floor(y * grid.rows / sensor.height) * grid.columns,
    );
  }

  /** Counts events. */
  add({ x, y, on }: Pick<PolarityEvents, "x" | "y" | "on">): void {
    const { levels } = this;
    const columnOfX = this.#columnOfX;
    const rowStartOfY = this.#rowStartOfY;
    for (let index = 0; index < x.length; ++index) {
      const cell = rowStartOfY[y[index]!]! + columnOfX[x[index]!]!;
      levels[2 * cell + on[index]!]! += 1;
    }
  }

  /** Multiplies all counts by a factor below 1: what is past fades. */
  decay(factor: number): void {
    const { levels } = this;
    for (let index = 0; index < levels.length; ++index) levels[index]! *= factor;
  }
}
