/**
 * Latches of the pixels, which switch each of them off: for more single pixels than there are slots. Registers and order:
 * OpenEB 5.1.1, which sets row after row. Here rows with the same columns are set together, as in its initialisation.
 */

import { type Register, registerAt } from "../../protocol/registers.ts";
import { modify, type Step, write, writeBlock } from "../../protocol/steps.ts";
import { type Genx320Configuration, HEIGHT, WIDTH } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** What decides which pixels send. */
export type Sending = Pick<Genx320Configuration, "regionOfInterest" | "regionOfNonInterest" | "pixelMask">;

/** The sensor's own programming of the latches is halted. */
const BY_LINES = { tdEnable: 1, pxSwRstn: 1, haltProgramming: 1 } as const;

/** The rows that are named take the columns over. */
const TAKE_OVER: readonly Step[] = [
  write(REGISTERS.roiCtrl, BY_LINES),
  write(REGISTERS.roiCtrl, { ...BY_LINES, shadowTrigger: 1 }),
];

/** Steps that lead from windows to latches that are set by lines. */
const LINES_ON: readonly Step[] = [modify(REGISTERS.roiMasterCtrl, { enable: 0 }), write(REGISTERS.roiCtrl, BY_LINES)];

/** Latches of all pixels open. */
export const OPEN_LATCHES: readonly Step[] = [
  ...LINES_ON,
  writeBlock(REGISTERS.tdRoiX, () => 0),
  writeBlock(REGISTERS.tdRoiY, () => 0xffff_ffff),
  write(REGISTERS.roiCtrl, { ...BY_LINES, shadowTrigger: 1 }),
  write(REGISTERS.roiCtrl, BY_LINES),
];

/** Steps that set all latches: some sixteen writes for each group of rows with the same columns. */
export function latchSteps(sending: Sending): Step[] {
  return [
    ...LINES_ON,
    writeBlock(REGISTERS.tdRoiY, () => 0),
    ...groupRows(shutPixels(sending)).flatMap(({ columns, rows }) => [
      ...rows.map(([register, word]) => write(register, word)),
      writeBlock(REGISTERS.tdRoiX, (index) => columns[index]!),
      ...TAKE_OVER,
      ...rows.map(([register]) => write(register, 0)),
      ...TAKE_OVER,
    ]),
    write(REGISTERS.roiCtrl, BY_LINES),
  ];
}

const WORD = 32;

/** For each row the words of its columns, in which a bit of 1 is a pixel that sends nothing. */
function shutPixels({ regionOfInterest, regionOfNonInterest, pixelMask }: Sending): Uint32Array[] {
  const outside = regionOfInterest === null ? 0 : 0xffff_ffff;
  const rows = Array.from({ length: HEIGHT }, () => new Uint32Array(WIDTH / WORD).fill(outside));
  const shut = (x: number, y: number) => rows[y]![Math.floor(x / WORD)]! |= 1 << x % WORD;
  const open = (x: number, y: number) => rows[y]![Math.floor(x / WORD)]! &= ~(1 << x % WORD);
  for (const { x: left, y: top, width, height } of regionOfInterest ?? regionOfNonInterest ?? []) {
    const set = regionOfInterest === null ? shut : open;
    for (let y = top; y < top + height; ++y) {
      for (let x = left; x < left + width; ++x) set(x, y);
    }
  }
  for (const { x, y } of pixelMask) shut(x, y);
  return rows;
}

/** Rows with the same columns. */
interface RowGroup {
  readonly columns: Uint32Array;
  /** The registers that name them, with their words. */
  readonly rows: readonly (readonly [register: Register, word: number])[];
}

function groupRows(columnsOfRows: readonly Uint32Array[]): RowGroup[] {
  const groups = new Map<string, { columns: Uint32Array; names: Uint32Array }>();
  for (const [y, columns] of columnsOfRows.entries()) {
    const key = columns.join();
    const group = groups.get(key) ?? { columns, names: new Uint32Array(HEIGHT / WORD) };
    group.names[Math.floor(y / WORD)]! |= 1 << y % WORD;
    groups.set(key, group);
  }
  return Array.from(groups.values(), ({ columns, names }) => {
    const rows = Array.from(names, (word, index) => [registerAt(REGISTERS.tdRoiY, index), word] as const);
    return { columns, rows: rows.filter(([, word]) => word !== 0) };
  });
}
