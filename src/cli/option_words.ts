import { NeuromorphicError } from "../../mod.ts";

/** How the library calls its options in messages, and how they are called here. */
const words: readonly (readonly [inLibrary: string, here: string])[] = [
  ["`allowLoss` leaves", "--allow-loss leaves"],
  ["`force` overwrites it", "--force overwrites it"],
  ["The option `format` chooses", "--format chooses"],
  ["the option force, which", "--force, which"],
  ['(option "geometry")', "(--geometry)"],
  ['(option "format")', "(--source-format)"],
];

/** Waits for some work; where it fails, the message has the words of the command line. */
export async function inOptionWords<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
    const { code, path, offset, operation } = error;
    const known = Object.entries({ path, offset, operation }).filter(([, value]) => value !== undefined);
    const message = words.reduce((text, [inLibrary, here]) => text.replace(inLibrary, here), error.message);
    throw new NeuromorphicError(code, message, { ...Object.fromEntries(known), cause: error });
  }
}
