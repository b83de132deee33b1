import { type Check, textOf } from "../checks.ts";
import type { LibusbSelection } from "../types.ts";

/** Checks the option `libusb`, which several functions have. */
export const libusbSelection: Check<LibusbSelection> = textOf(/\S/, '"system", "virtual" or the path of a library');
