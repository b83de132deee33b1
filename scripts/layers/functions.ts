/**
 * Finds functions and how long they are.
 *
 * The gate checks the format of all sources, so indentation tells where a function ends: at the next line that is not
 * further in than its first one and begins with a brace.
 */

import { blankNonCode } from "./code_text.ts";

/** A function with a body. */
export interface FoundFunction {
  readonly name: string;
  readonly line: number;
  /** From its first line to its closing brace, both included; without comments before it. */
  readonly lines: number;
}

/** What a file's language calls a function. */
interface Language {
  /** Blanks what is not code, line by line. */
  readonly codeOf: (source: string) => string;
  /** The name where the first line of a body's header is that of a function; the opener is the line of its brace. */
  readonly nameOf: (header: string, opener: string) => string | undefined;
}

const typeScript: Language = {
  codeOf: blankNonCode,
  nameOf: (header, opener) => {
    if (
      /^\s*(?:if|for|while|switch|else|do|try|catch|finally|class|interface|export (?:class|interface))\b/.test(header)
    ) {
      return undefined;
    }
    const named = /\bfunction\b\s*\*?\s*([\w$]*)/.exec(header);
    if (named !== null) return named[1] || "a function";
    if (/=>\s*\{$/.test(opener)) return /([\w$#]+)"?\s*(?:=|:)(?!=)/.exec(header)?.[1] ?? "a function";
    return /^\s*(?:(?:static|async|override|get|set)\s+)*\*?\s*(#?[\w$]+|\[[\w.$]+\])\s*(?:<.*>)?\(/.exec(header)?.[1];
  },
};

const zig: Language = {
  // Lines of text begin with two backslashes, wherever they stand.
  codeOf: (source) => source.replace(/\/\/[^\n]*/g, "").replace(/^\s*\\\\[^\n]*/gm, ""),
  // A function that returns a type has that type's functions in it, each of which counts.
  nameOf: (header, opener) => / type \{$/.test(opener) ? undefined : /\bfn\s+(\w+|@"[^"]*")\s*\(/.exec(header)?.[1],
};

/** All functions of a source, those within others, too. */
export function functionsOf(path: string, source: string): FoundFunction[] {
  const language = path.endsWith(".zig") ? zig : typeScript;
  const lines = language.codeOf(source).split("\n").map((line) => line.trimEnd());
  return lines.flatMap((opener, at) => {
    if (!opener.endsWith("{")) return [];
    const first = firstLineOf(lines, at);
    const name = language.nameOf(lines[first]!, opener);
    const last = name === undefined ? -1 : lastLineOf(lines, at);
    return last < 0 ? [] : [{ name: name!, line: first + 1, lines: last - first + 1 }];
  });
}

/** The line at which a header begins whose last line is this one: `): void {` ends a header of several lines. */
function firstLineOf(lines: readonly string[], opener: number): number {
  let first = opener;
  while (first > 0 && (/^\s*[)\]}]/.test(lines[first]!) || indentOf(lines[first]!) !== indentOf(lines[opener]!))) {
    --first;
  }
  return first;
}

/** The line that closes a body, or -1. */
function lastLineOf(lines: readonly string[], opener: number): number {
  const indent = indentOf(lines[opener]!);
  return lines.findIndex((line, index) =>
    index > opener && line !== "" && indentOf(line) <= indent && /^\s*\}/.test(line)
  );
}

function indentOf(line: string): number {
  return line === "" ? Infinity : line.length - line.trimStart().length;
}
