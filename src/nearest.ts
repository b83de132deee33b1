/** Near misses: which known name a wrong one was meant to be. */

/** How a known name resembles the wrong one; of two, the one with the lower numbers is nearer. */
interface Likeness {
  readonly candidate: string;
  /** A place in {@link ways}. */
  readonly way: number;
  /** Typing mistakes between the two; 0 for a way in which they do not count. */
  readonly distance: number;
  /** How many words one has more than the other. */
  readonly moreWords: number;
}

/** A name without case and separators, and its words: `diff_on` and `diffOn` are "diffon" of "diff" and "on". */
interface Name {
  readonly letters: string;
  readonly words: readonly string[];
}

/** The ways in which a known name may be meant, the surest first. */
const ways: readonly ((wrong: Name, known: Name, distance: number) => boolean)[] = [
  /** `diff_on` for `diffOn` */
  (wrong, known) => wrong.letters === known.letters,
  /** `onDiff` for `diffOn` */
  (wrong, known) => wrong.words.toSorted().join() === known.words.toSorted().join(),
  /** `serail` for `serial` */
  (wrong, known, distance) => distance <= allowedMistakes(wrong.letters, known.letters),
  /** `interval` for `intervalMs`, `bias_diff_on` for `diffOn`, `config` for `configuration`, `refractory` for `refr` */
  (wrong, known) =>
    known.words.every((word) => wrong.words.includes(word)) ||
    wrong.words.every((word) => known.words.includes(word)) ||
    isBeginning(wrong.letters, known.letters) || isBeginning(known.letters, wrong.letters),
];

/** Ways that two known names seldom share, so that the only one is meant. */
const vagueWays: typeof ways = [
  /** `roi` for `regionOfInterest` */
  (wrong, known) => known.words.length > 1 && wrong.letters === known.words.map((word) => word[0]).join(""),
  /** `w` for `width` */
  (wrong, known) => known.words.length === 1 && known.letters.startsWith(wrong.letters),
  /** `bufferLength` for `bufferBytes` */
  (wrong, known) => wrong.words.length > 1 && known.words.length > 1 && wrong.words[0] === known.words[0],
];

/** Undefined where no known name is near, or two are equally near: a wrong guess misleads more than a list helps. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const wanted = nameOf(wrong);
  if (wanted.letters === "") return undefined;
  const [best, second] = known.flatMap((candidate) => likenessOf(wanted, candidate) ?? []).sort(compare);
  return best === undefined || (second !== undefined && compare(best, second) === 0) ? undefined : best.candidate;
}

function likenessOf(wrong: Name, candidate: string): Likeness | undefined {
  const known = nameOf(candidate);
  const distance = distanceBetween(wrong.letters, known.letters);
  const moreWords = Math.abs(wrong.words.length - known.words.length);
  const way = ways.findIndex((isMeant) => isMeant(wrong, known, distance));
  if (way >= 0) return { candidate, way, distance, moreWords };
  const isVague = vagueWays.some((isMeant) => isMeant(wrong, known, distance));
  return isVague ? { candidate, way: ways.length, distance: 0, moreWords: 0 } : undefined;
}

function compare(left: Likeness, right: Likeness): number {
  return left.way - right.way || left.distance - right.distance || left.moreWords - right.moreWords;
}

/** Longer names are compared by their beginning. */
const longestCompared = 80;

function nameOf(text: string): Name {
  const spaced = text.slice(0, 2 * longestCompared).replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  const words = spaced.split(/[^a-z0-9]+/).filter((word) => word !== "");
  return { letters: words.join("").slice(0, longestCompared), words };
}

/** One of three letters may be wrong, so that enough of the name is right; in two letters, only their order. */
function allowedMistakes(wrong: string, known: string): number {
  if (wrong.length === 2) return wrong[0] === known[1] && wrong[1] === known[0] ? 1 : 0;
  return Math.floor(Math.min(wrong.length, known.length) / 3);
}

function isBeginning(shorter: string, longer: string): boolean {
  return shorter.length >= 4 && longer.startsWith(shorter);
}

/** Insertions, deletions, substitutions and swaps of neighbours from one text to another. */
function distanceBetween(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; ++row) {
    const current = [row];
    for (let column = 1; column <= to.length; ++column) {
      const isSame = from[row - 1] === to[column - 1];
      let cost = Math.min(
        rows[row - 1]![column]! + 1,
        current[column - 1]! + 1,
        rows[row - 1]![column - 1]! + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) cost = Math.min(cost, rows[row - 2]![column - 2]! + 1);
      current.push(cost);
    }
    rows.push(current);
  }
  return rows[from.length]![to.length]!;
}
