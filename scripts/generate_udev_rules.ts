/** Writes the file of rules in `udev/` from the drivers. */

import { writeFileSync } from "node:fs";
import { cameras } from "../src/cameras/cameras.ts";
import { formatUdevRules, udevRulesFile } from "../src/usb/udev_rules.ts";

writeFileSync(
  new URL(`../udev/${udevRulesFile}`, import.meta.url),
  formatUdevRules(Object.values(cameras).flatMap(({ usbIds }) => usbIds)),
);
