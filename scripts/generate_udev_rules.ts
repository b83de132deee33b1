/** Writes `udev/65-neuromorphic-drivers.rules` from the registry of cameras. */

import { writeFileSync } from "node:fs";
import { DRIVERS } from "../src/cameras/registry.ts";
import { formatUdevRules } from "../src/cameras/udev_rules.ts";

writeFileSync(new URL("../udev/65-neuromorphic-drivers.rules", import.meta.url), formatUdevRules(DRIVERS));
