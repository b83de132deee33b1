/** Writes `udev/65-neuromorphic-drivers.rules` from the drivers. */

import { writeFileSync } from "node:fs";
import { drivers } from "../src/cameras/cameras.ts";
import { formatUdevRules } from "../src/usb/udev_rules.ts";

writeFileSync(
  new URL("../udev/65-neuromorphic-drivers.rules", import.meta.url),
  formatUdevRules(Object.values(drivers).flatMap(({ usbIds }) => usbIds)),
);
