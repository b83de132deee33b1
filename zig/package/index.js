// @ts-self-types="./index.d.ts"

import { files } from "./manifest.js";

export const version = "0.1.0";

export const platforms = Object.fromEntries(
  Object.entries(files).map(([name, filesOfPlatform]) => {
    return [name, { url: new URL(`./${name}/`, import.meta.url).href, files: filesOfPlatform }];
  }),
);
