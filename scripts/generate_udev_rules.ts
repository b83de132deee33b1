/** Writes the file of rules in `udev/` from the drivers. */

import { writeFileSync } from "node:fs";
import { drivers } from "../src/cameras/cameras.ts";
import { formatUdevRules, udevRulesFile } from "../src/usb/udev_rules.ts";

writeFileSync(
  new URL(`../udev/${udevRulesFile}`, import.meta.url),
  formatUdevRules(Object.values(drivers).flatMap(({ usbIds }) => usbIds)),
);
