/** Runs the command line's demo on standard output until that breaks; then says on standard error whether the camera still streams. */

import process from "node:process";
import { describeVirtualBus } from "../../mod.ts";
import { runCli } from "../../src/cli/run_cli.ts";

process.exitCode = await runCli(["--virtual"]);
const { cameras } = await describeVirtualBus();
console.error(`streaming: ${cameras.some(({ streaming }) => streaming)}`);
