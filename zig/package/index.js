// @ts-self-types="./index.d.ts"

import { files } from "./manifest.js";

export const version = "0.1.0";

// A bundle as CommonJS has no URL of its own; there neuromorphic-drivers finds the folders by this package's name.
const here = import.meta.url ?? "bundle:/";

export const platforms = Object.fromEntries(
  Object.entries(files).map(([name, filesOfPlatform]) => {
    return [name, { url: new URL(`./${name}/`, here).href, files: filesOfPlatform }];
  }),
);
