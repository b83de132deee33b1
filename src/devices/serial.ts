/** Serials as programs write them. */

import { type Check, textOf } from "../checks.ts";

const checkSerial = textOf(/(^|:)[^:]*[^:\s][^:]*$/, "the serial of a camera, for example 00050ABC");

/**
 * A serial; of Metavision's name of a camera (`Prophesee:hal_plugin_imx636_evk4:00050abc`) what follows the last colon.
 */
export const serialText: Check<string> = (value, name) => {
  const text = checkSerial(value, name);
  return text.slice(text.lastIndexOf(":") + 1).trim();
};

/** Serials are hexadecimal numbers: `50abc` and `00050ABC` are the same camera. */
export function isSameSerial(first: string, second: string): boolean {
  return shortest(first) === shortest(second);
}

function shortest(serial: string): string {
  return serial.toUpperCase().replace(/^0+(?=.)/, "");
}
