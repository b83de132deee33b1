/**
 * The test suites: one in Zig, the same TypeScript files under each runtime, the decoders on emulated processors, and
 * the tests that a real kernel is for.
 */

import { join } from "node:path";
import { zigDirectory, zigEnvironment } from "../build_native.ts";
import { runCommand } from "../commands.ts";
import { runKernelSuite } from "../kernel_guest/suite.ts";
import { projectDirectory } from "../project.ts";
import type { TestTools } from "../setup.ts";
import { readReport } from "./junit.ts";
import { bunTestTimeout } from "./bun.ts";
import { runBochsSuite } from "./bochs.ts";
import { runEmulatedSuite } from "./emulated.ts";
import { resultOfJUnit, resultOfZig, type SuiteResult } from "./result.ts";
import { testFiles } from "./test_files.ts";

/** A suite by its name. */
export interface Suite {
  readonly name: string;
  /** Takes minutes and needs many programs: part of the gate, and otherwise run only by its name. */
  readonly onDemand?: boolean;
  run(tools: TestTools, reportDirectory: string): Promise<SuiteResult>;
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
        const junit = ["--reporter=junit", `--reporter-outfile=${report}`];
        return ["test", bunTestTimeout, ...junit, ...testFiles().map((path) => `./${path}`)];
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
  { name: "Emulated", run: runEmulatedSuite },
  { name: "Bochs", onDemand: true, run: runBochsSuite },
  { name: "Kernel", onDemand: true, run: runKernelSuite },
];

async function runZig({ zig }: TestTools): Promise<SuiteResult> {
  const parameters = ["build", "test", "--summary", "all", "--color", "off"];
  return resultOfZig(
    await runCommand(zig, parameters, {
      directory: zigDirectory,
      environment: zigEnvironment,
      show: true,
      timeoutMs,
    }),
  );
}

async function runWithReport(
  command: string,
  parameters: (report: string) => string[],
  report: string,
): Promise<SuiteResult> {
  const run = await runCommand(command, parameters(report), { directory: projectDirectory, show: true, timeoutMs });
  return resultOfJUnit(run, readReport(report));
}
