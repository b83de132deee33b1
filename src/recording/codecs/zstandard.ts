/**
 * Zstandard, by the runtime: Node, Deno and Bun have it in `node:zlib`. That module is asked for by name at run time and
 * not imported, so that a bundler for web pages finds nothing to resolve; a page has no Zstandard.
 */

import { Malformed } from "./malformed.ts";

/** What this module needs of `node:zlib`. */
interface Zstandard {
  zstdDecompressSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
}

interface Process {
  getBuiltinModule?(name: string): Partial<Zstandard> | undefined;
}

/**
 * Unpacks one or several Zstandard frames.
 *
 * @param maximumLength How long the result may be: frames of some bytes can unpack to gigabytes.
 * @throws {Malformed} "damaged", or "unsupported" where the runtime has no Zstandard.
 */
export function unpackZstandard(bytes: Uint8Array, maximumLength: number): Uint8Array {
  const zstandard = loaded();
  try {
    return zstandard.zstdDecompressSync(bytes, { maxOutputLength: maximumLength });
  } catch (error) {
    throw new Malformed(`no sound Zstandard data of at most ${maximumLength} bytes (${(error as Error).message})`);
  }
}

function loaded(): Zstandard {
  const { process } = globalThis as { readonly process?: Process };
  const module = process?.getBuiltinModule?.("node:zlib");
  if (module?.zstdDecompressSync === undefined) {
    throw new Malformed("this runtime has no Zstandard (node:zlib of Node 22.15, Deno or Bun has it)", "unsupported");
  }
  return module as Zstandard;
}
