/** How several pictures share the window. */

/** A box to fill. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/**
 * The number of columns with which the pictures come out largest.
 *
 * @param aspect Width of a picture for each unit of its height.
 * @param extraHeight What stands below each picture: its controls and figures.
 */
export function columnsFor(count: number, { width, height }: Box, aspect: number, extraHeight: number): number {
  let [best, bestWidth] = [1, 0];
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const pictureWidth = Math.min(width / columns, aspect * Math.max(0, height / rows - extraHeight));
    if (pictureWidth > bestWidth) [best, bestWidth] = [columns, pictureWidth];
  }
  return best;
}
