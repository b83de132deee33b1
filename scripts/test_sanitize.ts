/**
 * `deno task test:sanitize`: the native code under ThreadSanitizer (Zig's own) and under valgrind's memcheck, which
 * stands for AddressSanitizer: Zig has none for Zig code. Zig's safety checks and its allocator's search for leaks and
 * double frees are on in the gate's Zig tests already.
 *
 * A race, a leak, a wrong access, or a wrong account is a failure. Where valgrind is missing, its part is skipped.
 */

import { randomInt } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { zigDirectory, zigEnvironment } from "./build_native.ts";
import { findOnPath, runCommand } from "./commands.ts";
import { say } from "./progress.ts";
import { setUpForTests } from "./setup.ts";
import type { Counts } from "./testing/result.ts";
import { formatCounts } from "./testing/summary.ts";
import { suiteLimits } from "./watchdog.ts";

/** Tests in which threads meet. Decoders and the ring's explorer have one, and take ten times as long with a sanitizer. */
const threadedTests = [
  "ring.stream_test",
  "ring.waiting_test",
  "ring.notifier",
  "api.",
  "system.",
  "virtual.bus.lock",
  "virtual.bus.configuration_test",
  "virtual.bus.libusb_api_test",
  "virtual.usbip.",
];

/** A part by its name: a command, or why it is skipped. */
interface Part {
  readonly name: string;
  readonly command: string | undefined;
  readonly parameters: readonly string[];
  readonly skipped?: string;
}

function partsOf(zig: string, valgrind: string | undefined, seed: number): readonly Part[] {
  const stress = (rounds: number) => ["--rounds", `${rounds}`, "--seed", `${seed}`];
  const memcheck = ["--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite,possible"];
  return [
    {
      name: "tests under ThreadSanitizer",
      command: zig,
      parameters: [
        ...["build", "test", "-Dtsan", "--summary", "failures"],
        ...threadedTests.map((name) => `-Dtest-filter=${name}`),
      ],
    },
    {
      name: "threads against a stream, under ThreadSanitizer",
      command: zig,
      parameters: ["build", "stress-ring", "-Dtsan", "--", ...stress(200)],
    },
    {
      name: "build of the same for valgrind",
      command: zig,
      parameters: ["build", "stress-ring-program"],
    },
    {
      name: "threads against a stream, under valgrind",
      command: valgrind,
      parameters: [...memcheck, join("zig-out", "stress", "stress-ring"), ...stress(30)],
      skipped: "there is no valgrind on PATH (Debian's package valgrind)",
    },
  ];
}

/** Runs all parts, and counts them. */
export async function testSanitize(): Promise<Counts> {
  const { zig } = await setUpForTests();
  const seed = randomInt(1_000_000);
  let [passed, failed, skipped] = [0, 0, 0];
  for (const { name, command, parameters, skipped: reason } of partsOf(zig, findOnPath("valgrind"), seed)) {
    say(`\n== ${name}`);
    if (command === undefined) {
      say(`skipped: ${reason}`);
      skipped++;
      continue;
    }
    const started = performance.now();
    const { exitStatus } = await runCommand(command, parameters, {
      directory: zigDirectory,
      environment: zigEnvironment,
      show: true,
      limits: () => suiteLimits,
    });
    say(
      `${exitStatus === 0 ? "passed" : `failed with status ${exitStatus}`} (${
        ((performance.now() - started) / 1000).toFixed(1)
      } s)`,
    );
    if (exitStatus === 0) passed++;
    else failed++;
  }
  return { passed, failed, skipped };
}

if (import.meta.main) {
  try {
    const counts = await testSanitize();
    console.log(formatCounts(counts));
    if (counts.failed > 0) process.exitCode = 1;
  } catch (error) {
    say(`test:sanitize: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
