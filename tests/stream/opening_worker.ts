/** A Worker of `worker_test.ts`: opens a camera, and is terminated before that is done. */

import { open } from "../../mod.ts";

await open({ libusb: "virtual" });
