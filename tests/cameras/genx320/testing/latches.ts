/** Which pixels of a GenX320 send, by what is written to its latches. */

const SIDE = 320;

const [CONTROL, COLUMNS, ROWS] = [0x0000, 0x2000, 0x3000];
const SHADOW_TRIGGER = 1 << 5;

/**
 * The pixels that send after some lines, row after row, 1 = sends. Where the shadow trigger rises, the rows that are named
 * take over the complement of the columns' words (OpenEB 5.1.1). Before them, no pixel counts as sending.
 */
export function latchedBy(lines: readonly string[]): Uint8Array {
  const words = new Map<number, number>();
  const sending = new Uint8Array(SIDE * SIDE);
  const bitOf = (base: number, index: number) => (words.get(base + 4 * (index >> 5)) ?? 0) >>> (index & 31) & 1;
  for (const line of lines) {
    const [kind, , address, text] = line.split(" ");
    if (kind !== "W") continue;
    const [register, word] = [Number(address), Number(text)];
    const rises = register === CONTROL && (word & ~(words.get(register) ?? 0) & SHADOW_TRIGGER) !== 0;
    words.set(register, word);
    if (!rises) continue;
    for (let y = 0; y < SIDE; ++y) {
      if (bitOf(ROWS, y) === 0) continue;
      for (let x = 0; x < SIDE; ++x) sending[SIDE * y + x] = 1 - bitOf(COLUMNS, x);
    }
  }
  return sending;
}
