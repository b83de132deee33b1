/** Says what a signal did to work that goes on for a while after it. */

import { Interrupted, interruptible } from "../../src/cli/interruption.ts";

await interruptible(async (signal) => {
  signal.addEventListener("abort", () => console.log(signal.reason instanceof Interrupted, signal.reason.exitStatus));
  console.log("ready");
  await new Promise((resolve) => setTimeout(resolve, 300_000)); // longer than any test waits, so that none stays behind
});
