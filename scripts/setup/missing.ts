/** Gets what is missing, and writes nothing where nothing is. */

import { withLock } from "./lock.ts";

/** Something that setup sees to. */
export interface Part {
  readonly name: string;
  isThere(): boolean | Promise<boolean>;
  get(): Promise<unknown>;
}

/**
 * Gets the parts that are missing, under the lock in `directory`. Where none is, nothing is locked: so a user without
 * the right to change the project's folders runs what another user has set up.
 */
export async function getMissing(parts: readonly Part[], directory: string): Promise<void> {
  const missing: Part[] = [];
  for (const part of parts) if (!(await part.isThere())) missing.push(part);
  if (missing.length === 0) return;
  try {
    await withLock(directory, async () => {
      // Another setup may have got a part while this one waited.
      for (const part of missing) if (!(await part.isThere())) await part.get();
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const names = missing.map(({ name }) => name).join(", ");
    throw new Error(
      `missing: ${names}. This user may not write to the project's folders (${error.message}): ` +
        "let a user who may, such as the owner, run `npx --yes deno task setup` once",
      { cause: error },
    );
  }
}

/** Whether the system refuses to write to a file or a folder. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && "code" in error && ["EACCES", "EPERM", "EROFS"].includes(String(error.code));
}
