/** The viewer's page in the browser, as the static site has it. */

import type { Files } from "../../../scripts/site/bundle.ts";
import { siteFiles } from "../../../scripts/site/site.ts";
import type { Usb } from "../../../src/web/usb_types.ts";
import type { Chromium } from "./chromium.ts";
import type { Screen, Tab } from "./tab.ts";
import { withBridgedTab } from "./usb/tab.ts";

let files: Promise<Files> | undefined;

/** Bundled once. */
export function viewerFiles(): Promise<Files> {
  return files ??= siteFiles();
}

/** A browser with WebUSB on a computer without a camera. */
const noCameras = Object.assign(new EventTarget(), { getDevices: () => Promise.resolve([]) }) as unknown as Usb;

/** Runs with the page. Its cameras are those of `usb`. */
export async function withViewer(
  browser: Chromium,
  { usb = noCameras, screen }: { readonly usb?: Usb; readonly screen?: Screen },
  run: (tab: Tab) => Promise<void>,
): Promise<void> {
  await withBridgedTab(browser, usb, { files: await viewerFiles(), screen }, async ({ tab, url }) => {
    await tab.goTo(`${url}/index.html`);
    await run(tab);
  });
}

/** What a picture shows of a pixel: more ON than OFF, or the reverse. */
export type Lit = Readonly<Record<string, "on" | "off">>;

/**
 * An expression for the picture as `ImageData`. A Worker draws it, so that the page reads a copy. What the page says of a
 * picture may come two refreshes of the screen before that picture.
 */
export const imageData = `${pictures(3)}.then(() => {
  const canvas = document.querySelector(".stage canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height);
})`;

/** The pixels that differ from the background, by "x,y". In the page's own colours ON is orange and OFF blue. */
export async function litPixels(tab: Tab): Promise<Lit> {
  return await tab.evaluate<Lit>(`${imageData}.then(({ data, width }) => {
    const lit = {};
    for (let at = 0; at < data.length; at += 4) {
      const [red, blue] = [data[at], data[at + 2]];
      if (red !== blue) lit[(at / 4) % width + "," + Math.floor(at / 4 / width)] = red > blue ? "on" : "off";
    }
    return lit;
  })`);
}

/** A digest of the whole picture. */
export async function pictureDigest(tab: Tab): Promise<string> {
  return await tab.evaluate<string>(`${imageData}.then(async ({ data }) => {
    return [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].join();
  })`);
}

/** An expression that resolves when the screen was refreshed so many times. */
export function pictures(count: number): string {
  return `new Promise((resolve) => {
    let left = ${count};
    const next = () => left-- > 0 ? requestAnimationFrame(next) : resolve();
    next();
  })`;
}

/** A figure below the picture, as it is read; undefined where it is not there. */
export async function figure(tab: Tab, name: string): Promise<string | undefined> {
  return await tab.evaluate<string | undefined>(`(() => {
    const names = [...document.querySelectorAll(".figures dt")];
    return names.find(({ textContent }) => textContent === ${JSON.stringify(name)})?.nextElementSibling.textContent;
  })()`);
}

/** The menu of styles. */
export const styleMenu = ".panel select:has(option[value=total])";
