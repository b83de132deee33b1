/** Sees to the browser that pages are tested in: Debian's Chromium. */

import { existsSync } from "node:fs";
import { ensurePackages } from "./packages.ts";

/** A program, or why there is none. */
export type Chromium = { readonly program: string } | { readonly obstacle: string };

/** `/usr/bin/chromium` is a shell script around it, which only adds flags. */
const program = "/usr/lib/chromium/chromium";

/** Returns the browser, installing it where it is missing; 580 MB with what it needs. */
export async function getChromium(): Promise<Chromium> {
  if (existsSync(program)) return { program };
  const obstacle = await ensurePackages(["chromium"]);
  if (existsSync(program)) return { program };
  return { obstacle: obstacle ?? `Debian's package of Chromium has no ${program}` };
}
