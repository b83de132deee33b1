/** Says what a signal did to work that goes on for a while after it. */

import { Interrupted, interruptible } from "../../src/cli/interruption.ts";

await interruptible(async (signal) => {
  const timer = setInterval(() => {}, 1000);
  signal.addEventListener("abort", () => console.log(signal.reason instanceof Interrupted, signal.reason.exitStatus));
  console.log("ready");
  await new Promise(() => timer); // without an end
});
