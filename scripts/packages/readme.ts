/** Makes the README of a package from the project's. */

import { names } from "./names.ts";

/**
 * The project's README for a package: it names the registry's own name, and has no links to files that the package
 * does not have (`[the map](CONTRIBUTING.md)` becomes `the map`) and no pictures of them.
 */
export function packageReadme(readme: string, name: string): string {
  return readme
    .replace(/^!\[[^\]]*\]\((?!https?:)[^)]*\)\n\n?/gm, "")
    .replace(/\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, "$1")
    .replaceAll(`"${names.jsr}"`, `"${name}"`);
}
