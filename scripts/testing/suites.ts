/**
 * The test suites: one in Zig, the same TypeScript files under each runtime, the benchmarks, the packages as their
 * users meet them, other people's drivers on the virtual camera, pages in a browser, the decoders on emulated
 * processors, and the tests that a real kernel is for.
 */

import { join } from "node:path";
import { runKernelSuite } from "../kernel_guest/suite.ts";
import { projectDirectory } from "../project.ts";
import type { TestTools } from "../setup.ts";
import { runBochsSuite } from "./bochs.ts";
import { runEmulatedSuite } from "./emulated.ts";
import { readReport, resultOfJUnit } from "./junit.ts";
import { type Lane, type Placement, runPlaced } from "./placement.ts";
import type { SuiteResult } from "./result.ts";
import { testCommand, testFiles, type TestRuntime } from "./runtimes.ts";
import { runZigTests } from "./zig.ts";

/** A suite by its name. */
export interface Suite {
  readonly name: string;
  /** Takes minutes and needs more programs than a contributor has: run by the gate, or by its name. */
  readonly onlyInGate?: true;
  /** Uses the native libraries of all platforms. */
  readonly needsPackagedLibraries?: true;
  /** Default: the first. */
  readonly lane?: Lane;
  /** Runs at its place beside the suites of other lanes. */
  run(tools: TestTools, reportDirectory: string, placement: Placement): Promise<SuiteResult>;
}

/** The benchmarks' own tests build Zig programs, and take as long as a suite. */
const benchmarks = "tests/bench/";

/** They install the packages that are published, and need tools that a contributor does not. */
const packages = "tests/packages/";

/** Other people's drivers, which cargo has to build first. */
const strangers = "tests/strangers/";

/** Other people's readers of recordings, which come from PyPI. */
const foreignReaders = "tests/foreign_readers/";

/** Pages in Debian's Chromium; those of the guest have a task of their own. */
const browser = "tests/browser/";
const browserInGuest = "tests/browser/guest/";

/** Tests of what decodes, encodes and accumulates. They run over WebAssembly, too, by a file that is loaded first. */
const libraryTests =
  /^\.\/tests\/(decoder\/(?!kernel_|worker_)|encoder\/|accumulator\/|recording\/(raw_|index|losses|open_|playback))/;
const overWebAssembly = "./tests/support/web_assembly.ts";

function wasmSuiteOf(name: string, runtime: TestRuntime, flag: string): Suite {
  const files = () => testFiles().filter((path) => libraryTests.test(path));
  return { ...runtimeSuite(name, runtime, files, [`${flag}=${overWebAssembly}`]), onlyInGate: true };
}

/** The decoders' tests in Zig, as WebAssembly. */
const wasmSuite: Suite = {
  name: "Wasm",
  onlyInGate: true,
  lane: "background",
  run: ({ zig, node }, _, placement) => runZigTests(zig, ["test-wasm", `-Dnode=${node}`], placement),
};

const emulatedSuite: Suite = {
  name: "Emulated",
  onlyInGate: true,
  lane: "background",
  run: (tools, _, placement) => runEmulatedSuite(tools, placement),
};

/** Folders whose tests have a suite of their own. */
const notDenos = [benchmarks, packages, strangers, foreignReaders, browser];

/** All suites, the quickest to tell of a mistake first. */
export const suites: readonly Suite[] = [
  { name: "Zig", run: ({ zig }, _, placement) => runZigTests(zig, ["test"], placement) },
  // Without files, Deno finds its own, and the examples in the documentation of the library.
  runtimeSuite("Deno", "deno", () => [], ["--doc", "--trace-leaks", `--ignore=${notDenos.join()}`]),
  { ...runtimeSuite("Bun", "bun", testFiles), lane: "second" },
  { ...runtimeSuite("Node", "node", testFiles), lane: "second" },
  {
    ...runtimeSuite("Bench", "deno", () => [benchmarks]),
    onlyInGate: true,
    needsPackagedLibraries: true,
    lane: "second",
  },
  {
    ...runtimeSuite("Packages", "deno", () => [packages]),
    onlyInGate: true,
    needsPackagedLibraries: true,
    lane: "background",
  },
  { ...runtimeSuite("Strangers", "deno", () => [strangers]), onlyInGate: true },
  { ...runtimeSuite("Readers", "deno", () => [foreignReaders]), onlyInGate: true, lane: "background" },
  { ...runtimeSuite("Browser", "deno", () => [browser], [`--ignore=${browserInGuest}`]), onlyInGate: true },
  wasmSuite,
  wasmSuiteOf("WasmDeno", "deno", "--preload"),
  wasmSuiteOf("WasmBun", "bun", "--preload"),
  wasmSuiteOf("WasmNode", "node", "--import"),
  emulatedSuite,
  {
    name: "Bochs",
    onlyInGate: true,
    lane: "background",
    run: (tools, _, placement) => runBochsSuite(tools, placement),
  },
  // Last, when the second lane is empty: where a guest starves, its USB transfers run out of time.
  { name: "Kernel", onlyInGate: true, run: (tools, _, placement) => runKernelSuite(tools, placement) },
];

function runtimeSuite(
  name: string,
  runtime: TestRuntime,
  files: () => readonly string[],
  more: readonly string[] = [],
): Suite {
  return {
    name,
    run: async (tools, reportDirectory, placement) => {
      const report = join(reportDirectory, `${name}.xml`);
      const command = testCommand(runtime, tools, report, files(), more);
      return resultOfJUnit(await runPlaced(command, placement, { directory: projectDirectory }), readReport(report));
    },
  };
}

/** Suites by their names in any case; where none is named, those that a contributor needs. */
export function chooseSuites(names: readonly string[]): readonly Suite[] {
  if (names.length === 0) return suites.filter(({ onlyInGate }) => onlyInGate !== true);
  return names.map((name) => {
    const suite = suites.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (suite !== undefined) return suite;
    throw new Error(`no suite is named ${name}; there are ${suites.map((known) => known.name).join(", ")}`);
  });
}
