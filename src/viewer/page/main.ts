/// <reference lib="dom" />
/** The page's entry: what `index.html` loads, bundled into one file. */

import { Cameras } from "./cameras.ts";
import { byId } from "./dom.ts";
import { Page } from "./page.ts";
import { openRecordingSource } from "./sources/recording_source.ts";
import { isServedByView, openRemoteSource } from "./sources/remote_source.ts";
import { VirtualCameras } from "./sources/virtual_cameras.ts";
import { webCameras } from "./sources/web_cameras.ts";
import { followTheme } from "./theme.ts";

const environment = { userAgent: navigator.userAgent, isSecure: isSecureContext };
const page = new Page({ openFile: (file) => openRecordingSource({ kind: "file", file }) });
const virtualCameras = new VirtualCameras();
const cameras = new Cameras(page, webCameras(() => virtualCameras.open()));

followTheme(byId("theme", HTMLButtonElement), () => page.forgetColors());
byId("connect", HTMLButtonElement).onclick = () => void cameras.connect(environment);
byId("virtual", HTMLButtonElement).onclick = () => void cameras.openVirtual();
byId("open", HTMLButtonElement).onclick = () => page.run("open-file");
byId("help-button", HTMLButtonElement).onclick = () => page.run("help");
if (isServedByView(document)) {
  void page.show(openRemoteSource(document.baseURI, openRecordingSource), "Asking this computer…");
} else {
  void cameras.start(environment);
}
