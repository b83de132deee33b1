/// <reference lib="dom" />
/** The page's entry: what `index.html` loads, bundled into one file. */

import { byId } from "./dom.ts";
import { Page } from "./page.ts";
import { openRecordingSource } from "./sources/recording_source.ts";
import { followTheme } from "./theme.ts";

const page = new Page({ openFile: openRecordingSource });
followTheme(byId("theme", HTMLButtonElement), () => page.forgetColors());
byId("open", HTMLButtonElement).onclick = () => page.run("open-file");
byId("help-button", HTMLButtonElement).onclick = () => page.run("help");
