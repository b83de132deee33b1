/**
 * Blanks what is not code: comments and the contents of strings, templates and regular expressions.
 *
 * The layer check looks for imports and names with regular expressions; in blanked text these find code and nothing
 * that only talks about it. A scanner of our own, because the check then needs neither a resolved module graph (as
 * `deno info` does) nor a TypeScript parser, works on examples in memory, and runs under every runtime.
 */

/** Returns text of the same length and lines, so that an offset in it is one in the source. Quotes stay. */
export function blankNonCode(source: string): string {
  const output: string[] = [];
  /** For each template that is open: how many braces its `${` has open. */
  const templates: number[] = [];
  let at = 0;
  const copy = (end: number) => {
    output.push(source.slice(at, end));
    at = end;
  };
  const blank = (end: number) => {
    output.push(source.slice(at, end).replace(/[^\n]/g, " "));
    at = end;
  };
  while (at < source.length) {
    const character = source[at];
    if (source.startsWith("//", at)) blank(endOf(source, "\n", at));
    else if (source.startsWith("/*", at)) blank(endOf(source, "*/", at + 2, 2));
    else if (character === '"' || character === "'") {
      copy(at + 1);
      blank(endOfQuoted(source, character, at));
      copy(at + 1);
    } else if (character === "`" || (character === "}" && templates.at(-1) === 0)) {
      if (character === "}") templates.pop();
      copy(at + 1);
      const end = endOfTemplateText(source, at);
      blank(end);
      if (source[at] === "$") templates.push(0);
      copy(at + (source[at] === "$" ? 2 : 1));
    } else if (character === "/" && startsRegularExpression(output)) {
      copy(at + 1);
      blank(endOfRegularExpression(source, at));
      copy(at + 1);
    } else {
      const depth = templates.length - 1;
      if (character === "{" && depth >= 0) templates[depth] = (templates[depth] ?? 0) + 1;
      if (character === "}" && depth >= 0) templates[depth] = (templates[depth] ?? 0) - 1;
      copy(at + 1);
    }
  }
  return output.join("");
}

/** The offset after (by `extra`) the next occurrence of a text; the end of the source where there is none. */
function endOf(source: string, text: string, from: number, extra = 0): number {
  const index = source.indexOf(text, from);
  return index < 0 ? source.length : index + extra;
}

function endOfQuoted(source: string, quote: string, from: number): number {
  let index = from;
  while (index < source.length && source[index] !== quote && source[index] !== "\n") {
    index += source[index] === "\\" ? 2 : 1;
  }
  return Math.min(index, source.length);
}

/** The offset of the closing backquote or of the next `${`. */
function endOfTemplateText(source: string, from: number): number {
  let index = from;
  while (index < source.length && source[index] !== "`" && !source.startsWith("${", index)) {
    index += source[index] === "\\" ? 2 : 1;
  }
  return Math.min(index, source.length);
}

/** A slash after a value divides; after an operator, an opening bracket or a keyword it begins an expression. */
function startsRegularExpression(output: readonly string[]): boolean {
  let before = "";
  for (let index = output.length - 1; index >= 0 && before.length < 12; --index) {
    before = (output[index] + before).trimEnd();
  }
  return before === "" || /[(,=:[!&|?{};+*%<>~^-]$/.test(before) || /\b(return|typeof|case|of|in)$/.test(before);
}

function endOfRegularExpression(source: string, from: number): number {
  let inClass = false;
  let index = from;
  while (index < source.length && source[index] !== "\n") {
    const character = source[index];
    if (character === "\\") ++index;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "/" && !inClass) break;
    ++index;
  }
  return Math.min(index, source.length);
}
