/** What to say where package managers reach no server at all. */

import type { CommandResult } from "../commands.ts";

/** Of pip (urllib3's classes), npm (the system's codes) and Deno. */
const signs = [
  "NewConnectionError",
  "NameResolutionError",
  "EAI_AGAIN",
  "ENOTFOUND",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ECONNREFUSED",
  "client error (Connect)",
];

/** Whether a program's output says that it found no network, or no server that answered. */
export function saysOffline(output: string): boolean {
  return signs.some((sign) => output.includes(sign));
}

/** Throws what to tell the user then. The package manager has tried several times, and said so at length. */
export function refuseOffline({ exitStatus, output }: CommandResult, wanted: string, source: string): void {
  if (exitStatus === 0 || !saysOffline(output)) return;
  throw new Error(
    `${wanted} is needed, and ${source} cannot be reached: are you offline, or is a proxy missing? ` +
      "Setup needs the network once; after that everything runs without it",
  );
}
