/** Finds what a Zig file imports, and whether it has tests. */

/** One `@import` of a file. */
export interface ZigImport {
  /** As written, such as `"../abi.zig"`. */
  readonly specifier: string;
  readonly line: number;
  /** Whether it stands inside of a test: then it is compiled for tests only. */
  readonly isInTest: boolean;
}

/** What the check wants to know of a Zig file. */
export interface ZigFacts {
  /** Imports of files; `std`, `builtin` and options of the build are none. */
  readonly imports: readonly ZigImport[];
  /** Lines of imports whose name the file does not use: Zig leaves such a file out, with its tests, and says nothing. */
  readonly unusedImportLines: readonly number[];
  readonly testLines: readonly number[];
}

/**
 * What tells code from text: `@import("file")`, comments, lines of multi-line strings, strings, characters; then the
 * words and braces that the search needs. `test` is a keyword, so that in code it always begins a test.
 */
const token = /@import\("([^"]+)"\)|\/\/[^\n]*|\\\\[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]|[A-Za-z_]\w*/g;

/** What stands before the `@import` of `const name = @import("file.zig")`. A public name is used elsewhere. */
const privateName = /(?<!\bpub\s+)\bconst\s+(\w+)\s*(?::[^=;]*)?=\s*$/;

/** Reads a file's source. */
export function readZigFile(source: string): ZigFacts {
  const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
  const imports: (ZigImport & { readonly offset: number })[] = [];
  const tests: number[] = [];
  const words = new Map<string, number[]>();
  let depth = 0;
  /** The depth at which the test that is open began. */
  let depthOfTest: number | undefined;
  for (const { 0: text, 1: specifier, index } of source.matchAll(token)) {
    if (specifier !== undefined) {
      if (!specifier.endsWith(".zig")) continue;
      imports.push({ specifier, line: lineAt(index), isInTest: depthOfTest !== undefined, offset: index });
    } else if (text === "{") depth++;
    else if (text === "}") {
      if (--depth === depthOfTest) depthOfTest = undefined;
    } else if (text === "test") {
      tests.push(lineAt(index));
      depthOfTest ??= depth;
    } else if (/^\w/.test(text)) words.set(text, [...words.get(text) ?? [], index]);
  }
  const isUnused = ({ offset }: { readonly offset: number }) => {
    const [statement, name] = privateName.exec(source.slice(0, offset)) ?? [];
    if (statement === undefined) return false;
    const [start, end] = [offset - statement.length, source.indexOf(";", offset)];
    return words.get(name!)!.every((place) => place >= start && place < end);
  };
  return {
    imports: imports.map(({ specifier, line, isInTest }) => ({ specifier, line, isInTest })),
    unusedImportLines: imports.filter(isUnused).map(({ line }) => line),
    testLines: tests,
  };
}
