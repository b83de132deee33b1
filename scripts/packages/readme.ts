/** Makes the README of a package from the project's. */

import { names } from "./names.ts";

/**
 * The project's README for a package: it names the registry's own name. What only a clone has is left out: parts between
 * `<!-- clone only -->` and `<!-- end -->`, pictures, examples by their files, and links (`[the map](CONTRIBUTING.md)`
 * becomes `the map`).
 */
export function packageReadme(readme: string, name: string): string {
  return readme
    .replace(/<!-- clone only -->\n[^]*?<!-- end -->\n\n?/g, "")
    .replace(/^!\[[^\]]*\]\((?!https?:)[^)]*\)\n\n?/gm, "")
    .replace(/ \(\[[^\]]+\]\(scripts\/examples\/[^)]*\)\)/g, "")
    .replace(/\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, "$1")
    .replaceAll(`"${names.jsr}"`, `"${name}"`);
}
