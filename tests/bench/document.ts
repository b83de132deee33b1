import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../../scripts/project.ts";

/** Puts what was measured into the document of the benchmarks, between two marks: `<!-- name -->` and `<!-- /name -->`. */
export function replaceBetweenMarks(mark: string, parts: readonly string[]): void {
  const path = join(projectDirectory, "tests", "bench", "README.md");
  const document = readFileSync(path, "utf8");
  const between = new RegExp(`(<!-- ${mark} -->\n)[^]*(<!-- /${mark} -->\n)`);
  if (!between.test(document)) throw new Error(`${path} must have the marks of ${mark}`);
  const text = parts.join("\n\n");
  writeFileSync(path, document.replace(between, (_, begin, end) => `${begin}\n${text}\n\n${end}`));
}
