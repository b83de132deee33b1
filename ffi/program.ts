/** Where packages are looked for. */

import process from "node:process";

/**
 * The URL of this code, or the path of the program in a bundle as CommonJS, which has no `import.meta.url`. `koffi` and
 * the native libraries stay outside bundles.
 */
export function programPlace(): string {
  const url = import.meta.url as string | undefined;
  return url ?? process.argv[1] ?? `${process.cwd()}/`;
}
