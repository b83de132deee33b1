/** The page of `view` as it was bundled, without a folder. */

import { contentTypes, type SiteFiles } from "../../../src/viewer/server/site_files.ts";

/** What a server of `view` gives its pages from. */
export function siteOf(files: ReadonlyMap<string, Uint8Array>): SiteFiles {
  return {
    read(path) {
      const name = path || "index.html";
      const bytes = files.get(name);
      const contentType = contentTypes[name.slice(name.lastIndexOf(".") + 1)]!;
      return Promise.resolve(bytes && { bytes, contentType });
    },
  };
}
