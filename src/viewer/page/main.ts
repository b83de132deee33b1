/// <reference lib="dom" />
/** The page's entry: what `index.html` loads, bundled into one file. */

import type { ViewerSource } from "./source.ts";

/** Shows what is open; the sources come with the parts of the page. */
function show(sources: readonly ViewerSource[]): void {
  document.title = sources.map(({ name }) => name).join(", ") || document.title;
}

show([]);
