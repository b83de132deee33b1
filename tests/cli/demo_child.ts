/** Runs the demo on standard output until that breaks; then says on standard error whether the camera still streams. */

import process from "node:process";
import { describeVirtualBus } from "../../mod.ts";
import { demo } from "../../src/cli/demo.ts";
import { parseDemoOptions } from "../../src/cli/demo_options.ts";

process.exitCode = await demo(parseDemoOptions(["--virtual"]));
const { cameras } = await describeVirtualBus();
console.error(`streaming: ${cameras.some(({ streaming }) => streaming)}`);
