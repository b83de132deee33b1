import { basename } from "node:path";
import { say } from "../../../scripts/progress.ts";
import { markdownTable, median, table } from "../measure.ts";
import { Child } from "./child.ts";
import type { Decoding } from "./decoding.ts";
import type { Program } from "./programs.ts";

/** What one program did with one stream. */
export interface DecoderResult {
  readonly program: string;
  readonly isOurs: boolean;
  /** Million events a second, of each round that counts. */
  readonly rates: readonly number[];
  /** Whether its events are those of the first program. */
  readonly isSame: boolean;
}

/** One stream, and what all did with it. */
export interface StreamResult {
  readonly stream: string;
  readonly events: number;
  readonly results: readonly DecoderResult[];
}

/** Rounds in which compilers at run time find out what to optimize. */
const warmUpRounds = 2;

/** Lets all decode all files in turns. A program that fails with a file has no result for it. */
export async function compareDecoders(
  programs: readonly Program[],
  paths: readonly string[],
  rounds: number,
): Promise<readonly StreamResult[]> {
  const results: StreamResult[] = [];
  for (const path of paths) {
    const stream = basename(path, ".raw");
    say(`decoders: ${stream}`);
    // A program of its own for each stream: one that crashed is there again, and none has another stream's optimizations.
    const children = programs.map((program) => ({ program, child: new Child(program), decodings: [] as Decoding[] }));
    for (let round = -warmUpRounds; round < rounds; round++) {
      for (const { child, decodings } of children) {
        const decoding = await child.decode(path);
        if (decoding !== undefined && round >= 0) decodings.push(decoding);
      }
    }
    await Promise.all(children.map(({ child }) => child.close()));
    const [expected] = children[0]!.decodings;
    results.push({
      stream,
      events: expected!.events,
      results: children.filter(({ decodings }) => decodings.length === rounds).map(({ program, decodings }) => ({
        program: program.name,
        isOurs: program.isOurs,
        rates: decodings.map(({ events, seconds }) => events / seconds / 1e6),
        isSame: isSame(decodings[0]!, expected!),
      })),
    });
  }
  return results;
}

function isSame(first: Decoding, second: Decoding): boolean {
  return first.events === second.events && first.sums.every((sum, index) => sum === second.sums[index]);
}

/** Medians with the smallest and the largest rate; then ours by the best peer of the same round. */
export function decodersTables(streams: readonly StreamResult[], isMarkdown: boolean): string {
  const write = isMarkdown ? markdownTable : table;
  const names = [...new Set(streams.flatMap(({ results }) => results.map(({ program }) => program)))];
  const ours = names.filter((name) => streams.some(({ results }) => isOursIn(results, name)));
  const find = ({ results }: StreamResult, name: string) => results.find(({ program }) => program === name);
  const rates = streams.map((of) => [of.stream, ...names.map((name) => cellOf(find(of, name)))]);
  const ratios = streams.map((of) => {
    const best = bestPeer(of);
    return [of.stream, best?.program ?? "–", ...ours.map((name) => ratioOf(find(of, name), best))];
  });
  return [
    write(["EVT3, Mev/s", ...names], rates),
    "Median (smallest–largest). ≠: its events differ from ours. –: it fails.",
    write(["EVT3, ÷ best peer", "best peer", ...ours], ratios),
  ].join("\n\n");
}

function isOursIn(results: readonly DecoderResult[], name: string): boolean {
  return results.some(({ program, isOurs }) => program === name && isOurs);
}

function cellOf(result: DecoderResult | undefined): string {
  if (result === undefined) return "–";
  const { rates, isSame } = result;
  const spread = `${Math.min(...rates).toFixed(0)}–${Math.max(...rates).toFixed(0)}`;
  return `${isSame ? "" : "≠ "}${median(rates).toFixed(0)} (${spread})`;
}

function bestPeer({ results }: StreamResult): DecoderResult | undefined {
  const peers = results.filter(({ isOurs }) => !isOurs);
  if (peers.length === 0) return undefined;
  return peers.reduce((one, other) => median(other.rates) > median(one.rates) ? other : one);
}

function ratioOf(result: DecoderResult | undefined, best: DecoderResult | undefined): string {
  if (result === undefined || best === undefined) return "–";
  return median(result.rates.map((rate, round) => rate / best.rates[round]!)).toFixed(2);
}
