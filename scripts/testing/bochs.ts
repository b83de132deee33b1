/** The kernels of x86-64 on a PC that Bochs emulates: it has AVX-512, which QEMU and many a machine lack. */

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { zigDirectory } from "../build_native.ts";
import type { CommandResult } from "../commands.ts";
import { ensurePackages } from "../setup/packages.ts";
import type { TestTools } from "../setup.ts";
import { type Placement, runPlaced } from "./placement.ts";
import { lastLines, skippedSuite, type SuiteResult } from "./result.ts";
import { runZigBuild } from "./zig.ts";

/** Of Bochs's user interfaces, the one that needs the fewest other packages; it is not used. */
const packages = ["bochs", "bochs-term"];

/** The suite. Where it cannot run, it says why and skips. */
export async function runBochsSuite({ zig }: TestTools, placement: Placement): Promise<SuiteResult> {
  const obstacle = process.platform === "linux" ? await ensurePackages(packages) : "Bochs comes from Debian's packages";
  if (obstacle !== undefined) return skippedSuite(obstacle);
  const build = await runZigBuild(zig, ["rom"], placement);
  if (build.exitStatus !== 0) return resultOfBochs(build);
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bochs_"));
  try {
    writeFileSync(join(directory, "bochsrc"), machine);
    writeFileSync(join(directory, "commands"), "continue\nquit\n");
    // The PC wants one and never runs it.
    writeFileSync(join(directory, "vga.rom"), new Uint8Array(32 * 1024));
    copyFileSync(join(zigDirectory, "zig-out", "rom", "kernels.rom"), join(directory, "kernels.rom"));
    const command = ["bochs-bin", "-q", "-f", "bochsrc", "-rc", "commands"] as const;
    return resultOfBochs(await runPlaced(command, placement, { directory }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A Tiger Lake with the ROM in place of a BIOS. Its screen is not needed: `rfb` shows it to clients that connect, and
 * waits for none. A triple fault, which would start it again, ends it.
 */
const machine = `romimage: file=kernels.rom, address=0xfff00000
vgaromimage: file=vga.rom
megs: 64
cpu: model=tigerlake, ips=100000000, reset_on_triple_fault=0
port_e9_hack: enabled=1
display_library: rfb, options="timeout=0"
plugin_ctrl: speaker=0
panic: action=fatal
log: bochs.log
`;

/** Counts kernels by what the ROM says of them. Bochs itself always ends with a status of failure. */
export function resultOfBochs({ output }: Pick<CommandResult, "output">): SuiteResult {
  const passed = [...output.matchAll(/^kernel \S+ equals the scalar one$/gm)].length;
  const isWhole = passed > 0 && /^all kernels compared$/m.test(output);
  const failures = isWhole ? [] : [{ file: "", name: "the kernels in Bochs", message: lastLines(output) }];
  return { counts: { passed, failed: failures.length, skipped: 0 }, failures };
}
