/** Writes `udev/65-neuromorphic-drivers.rules` from the registry of cameras. */

import { writeFileSync } from "node:fs";
import { DRIVERS } from "../src/devices/registry.ts";
import { formatUdevRules } from "../src/devices/udev_rules.ts";

writeFileSync(new URL("../udev/65-neuromorphic-drivers.rules", import.meta.url), formatUdevRules(DRIVERS));
