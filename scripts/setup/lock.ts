/** Lets one setup at a time change the project's folders. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { say } from "../progress.ts";

/**
 * Does the work while holding a lock on a file in `directory`. The lock is the operating system's: it ends with the
 * process, however that ends, so there is never a stale one to clear away.
 */
export async function withLock<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(directory, { recursive: true });
  using file = await Deno.open(join(directory, "setup.lock"), { write: true, create: true });
  if (!(await file.tryLock(true))) {
    say("waiting for another setup of this project to end");
    await file.lock(true);
  }
  return await work();
}
