/** The test suites: one in Zig, and the same TypeScript files under each runtime. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { zigDirectory, zigEnvironment } from "../build_native.ts";
import { type CommandResult, runCommand } from "../commands.ts";
import { projectDirectory } from "../project.ts";
import type { TestTools } from "../setup.ts";
import { countJUnit, type Counts, countsOfRun, countZig } from "./counts.ts";

/** A suite by its name. */
export interface Suite {
  readonly name: string;
  run(tools: TestTools, reportDirectory: string): Promise<Counts>;
}

/** What a suite may take; whatever takes longer hangs. */
const timeoutMs = 20 * 60_000;

/** All suites, the quickest to tell of a mistake first. */
export const suites: readonly Suite[] = [
  { name: "Zig", run: runZig },
  {
    name: "Deno",
    run: (_tools, reports) =>
      runWithReport(Deno.execPath(), (report) => {
        return ["test", "--allow-all", "--doc", "--trace-leaks", `--junit-path=${report}`];
      }, join(reports, "deno.xml")),
  },
  {
    name: "Bun",
    run: ({ bun }, reports) =>
      runWithReport(bun, (report) => {
        return ["test", "--reporter=junit", `--reporter-outfile=${report}`, ...testFiles().map((path) => `./${path}`)];
      }, join(reports, "bun.xml")),
  },
  {
    name: "Node",
    run: ({ node }, reports) =>
      runWithReport(node, (report) => {
        const spec = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
        const junit = ["--test-reporter=junit", `--test-reporter-destination=${report}`];
        return ["--test", "--disable-warning=ExperimentalWarning", ...spec, ...junit, ...testFiles()];
      }, join(reports, "node.xml")),
  },
];

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

async function runZig({ zig }: TestTools): Promise<Counts> {
  const parameters = ["build", "test", "--summary", "all", "--color", "off"];
  const { exitStatus, output } = await runCommand(zig, parameters, {
    directory: zigDirectory,
    environment: zigEnvironment,
    show: true,
    timeoutMs,
  });
  return countsOfRun(exitStatus, countZig(output));
}

async function runWithReport(
  command: string,
  parameters: (report: string) => string[],
  report: string,
): Promise<Counts> {
  const { exitStatus }: CommandResult = await runCommand(command, parameters(report), {
    directory: projectDirectory,
    show: true,
    timeoutMs,
  });
  return countsOfRun(exitStatus, readReport(report));
}

function readReport(path: string): Counts | undefined {
  try {
    return countJUnit(readFileSync(path, "utf8"));
  } catch {
    return undefined; // The runner crashed before it wrote one.
  }
}
