/** How the runtimes run the test files. */

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { projectDirectory } from "../project.ts";
import type { TestTools } from "../setup.ts";

/** The runtimes that the same test files run under. */
export const testRuntimes = ["deno", "bun", "node"] as const;

/** One of them. */
export type TestRuntime = (typeof testRuntimes)[number];

/**
 * The command that runs test files and leaves a JUnit report. Bun ends a test after five seconds unless told otherwise;
 * no runtime has a limit of time here, because `scripts/watchdog.ts` ends what hangs.
 */
export function testCommand(
  runtime: TestRuntime,
  { bun, node }: TestTools,
  report: string,
  files: readonly string[],
  more: readonly string[] = [],
): readonly [program: string, ...parameters: string[]] {
  switch (runtime) {
    case "deno":
      return [Deno.execPath(), "test", "--allow-all", ...more, `--junit-path=${report}`, ...files];
    case "bun":
      return [bun, "test", "--timeout=0", ...more, "--reporter=junit", `--reporter-outfile=${report}`, ...files];
    case "node": {
      const spec = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
      const junit = ["--test-reporter=junit", `--test-reporter-destination=${report}`];
      return [
        node,
        "--test",
        "--test-isolation=none",
        "--disable-warning=ExperimentalWarning",
        ...more,
        ...spec,
        ...junit,
        ...files,
      ];
    }
  }
}

/**
 * The test files that run under every runtime, each as `./path`. Those of Deno alone end in `_deno_test.ts`: what they
 * test is named in scripts only, never in the library.
 */
export function testFiles(directory = projectDirectory): string[] {
  return readdirSync(join(directory, "tests"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith("_test.ts") && !entry.name.endsWith("_deno_test.ts"))
    .map((entry) => `./${relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/")}`)
    .sort();
}
