/** Finds the test files. */

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { projectDirectory } from "../project.ts";

/**
 * The test files that run under every runtime. Those of Deno alone end in `_deno_test.ts`: what they test is named in
 * scripts only, never in the library.
 */
export function testFiles(directory = projectDirectory): string[] {
  return readdirSync(join(directory, "tests"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith("_test.ts") && !entry.name.endsWith("_deno_test.ts"))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
