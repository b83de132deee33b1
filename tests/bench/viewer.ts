/**
 * `deno task bench:viewer`: the viewer's page in headless Chromium, with events from a virtual camera in the page, from a
 * recording, and from the server of `view`: pictures a second, what was lost, and for how long the page did nothing else.
 *
 *     --ways LIST        where events come from: camera, recording, view (default: all)
 *     --rates LIST       MB/s of the virtual camera's scene (default 12,100,200,400)
 *     --seconds N        how long each is watched (default 10)
 *     --quick            little to do: only to see that everything runs
 *     --json FILE        the report as JSON, too
 *     --markdown         a table for a document instead of for a terminal
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configureVirtualBus, open } from "../../mod.ts";
import { readOptions } from "../../scripts/arguments.ts";
import { say } from "../../scripts/progress.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { getChromium } from "../../scripts/setup/chromium.ts";
import { bundle, type Files } from "../../scripts/site/bundle.ts";
import { siteFiles, viewFiles } from "../../scripts/site/site.ts";
import { CameraSession } from "../../src/viewer/server/camera_session.ts";
import { serveViewer } from "../../src/viewer/server/server.ts";
import { Chromium } from "../browser/testing/chromium.ts";
import { serveSite } from "../browser/testing/site.ts";
import type { Tab } from "../browser/testing/tab.ts";
import { siteOf } from "../browser/testing/view_site.ts";
import { figure } from "../browser/testing/viewer.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { markdownTable, table } from "./measure.ts";
import type { Account, Busyness } from "./pages/viewer.ts";

/** The page while events came from one place at one rate. */
export interface Watched extends Busyness {
  readonly way: string;
  readonly megabytesPerSecond: number;
  /** Figures below the picture at the end, as they are read. */
  readonly figures: Readonly<Record<string, string | undefined>>;
  /** Of the page's thread, of a processor. */
  readonly cpuShare: number;
  /** Of all threads of the page's process, its Worker's among them. */
  readonly processShare: number;
  /** Of a camera: bytes that were shown in a second, and that were lost. */
  readonly shown?: number;
  readonly lost?: number;
}

type Way = (browser: Chromium, rate: number, watch: (tab: Tab) => Promise<void>) => Promise<void>;

const shownFigures = ["Rate", "Delay", "Pictures"];
const mega = 1e6;
/** The first seconds are left out: the engine compiles, and the page opens the camera. */
const settlingMs = 2000;

const values = readOptions(import.meta, {
  ways: { type: "string", default: "camera,recording,view" },
  rates: { type: "string", default: "12,100,200,400" },
  seconds: { type: "string", default: "10" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
});
const seconds = values.quick ? 0.5 : Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds must be above 0, not ${values.seconds}`);
const rates = (values.quick ? "12" : values.rates).split(",").map(Number);
const ways: Readonly<Record<string, Way>> = { camera: inPage, recording: fromRecording, view: fromServer };

await setUpForTests();
const found = await getChromium();
if ("obstacle" in found) throw new Error(`no Chromium: ${found.obstacle}`);
const entry = (await bundle(["tests/bench/pages/viewer.ts"])).get("viewer.js")!;
const started = conditions();
const watched: Watched[] = [];
for (const name of values.ways.split(",")) {
  const way = ways[name];
  if (way === undefined) throw new RangeError(`--ways must be of ${Object.keys(ways)}, not ${name}`);
  for (const rate of rates) watched.push(await watchOnce(name, way, rate));
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ ...started, watched }, undefined, 2)}\n`);
}
console.log(`${formatConditions(started)}\n\n${reportText(watched)}`);

/** A browser of its own for each, so that none has what another has left. */
async function watchOnce(name: string, way: Way, rate: number): Promise<Watched> {
  say(`${name} at ${rate} MB/s`);
  const browser = await Chromium.start((found as { program: string }).program);
  let seen: Watched | undefined;
  try {
    await way(browser, rate * mega, async (tab) => {
      await tab.until("document.querySelector('.stage canvas') !== null");
      await new Promise((resolve) => setTimeout(resolve, values.quick ? 0 : settlingMs));
      const accountNow = () => tab.evaluate<Account | null>("viewerPage.account() ?? null");
      const cpuNow = async () => ({ thread: await tab.cpuSeconds(), process: await browser.pagesCpuSeconds() });
      const [before, cpuBefore] = [await accountNow(), await cpuNow()];
      const busyness = await tab.evaluate<Busyness>(`viewerPage.watch(${1e3 * seconds})`);
      const [after, cpuAfter] = [await accountNow(), await cpuNow()];
      const figures: Record<string, string | undefined> = {};
      for (const figureName of shownFigures) figures[figureName] = await figure(tab, figureName);
      const cpuShare = (cpuAfter.thread - cpuBefore.thread) / busyness.seconds;
      const processShare = (cpuAfter.process - cpuBefore.process) / busyness.seconds;
      const rates = before === null || after === null ? {} : ratesOf(before, after, busyness.seconds);
      seen = { way: name, megabytesPerSecond: rate, ...busyness, figures, cpuShare, processShare, ...rates };
    });
  } finally {
    await browser.close();
  }
  return seen!;
}

function ratesOf(before: Account, after: Account, seconds: number) {
  return { shown: (after.shown - before.shown) / seconds, lost: (after.lost - before.lost) / seconds };
}

/** The page's files, with the entry that tells how busy it is. */
function withEntry(files: Files): Files {
  return new Map([...files].map(([path, bytes]) => [path, path.endsWith("/main.js") ? entry : bytes]));
}

async function withTab(browser: Chromium, url: string, use: (tab: Tab) => Promise<void>): Promise<void> {
  const tab = await browser.openTab();
  await tab.goTo(url);
  await tab.until("globalThis.viewerPage !== undefined");
  await use(tab);
  await tab.close();
}

async function withPage(browser: Chromium, use: (tab: Tab) => Promise<void>): Promise<void> {
  const site = serveSite({ files: withEntry(await siteFiles()) });
  try {
    await withTab(browser, `${site.url}/index.html`, use);
  } finally {
    await site.close();
  }
}

/** A virtual camera in the page itself. */
async function inPage(browser: Chromium, rate: number, watch: (tab: Tab) => Promise<void>): Promise<void> {
  await withPage(browser, async (tab) => {
    await tab.evaluate(`viewerPage.openCamera(${rate})`);
    await watch(tab);
  });
}

/** A recording of the same scene, at its own speed. */
async function fromRecording(browser: Chromium, rate: number, watch: (tab: Tab) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_viewer_"));
  try {
    const path = join(folder, "scene.raw");
    await record(path, rate, seconds + settlingMs / 1e3 + 2);
    await withPage(browser, async (tab) => {
      await tab.dropFiles("#views", [path]);
      await watch(tab);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function record(path: string, bytesPerSecond: number, forSeconds: number): Promise<void> {
  await configureVirtualBus([{ bytesPerSecond }]);
  const device = await open({ libusb: "virtual", raw: true });
  const recorder = device.recordTo(path);
  for await (const _ of device) if (recorder.statistics.bytes > bytesPerSecond * forSeconds) break;
  await recorder.stop();
  device.close();
  await configureVirtualBus();
}

/** The server of `view`, with a camera of the same scene. */
async function fromServer(browser: Chromium, rate: number, watch: (tab: Tab) => Promise<void>): Promise<void> {
  await configureVirtualBus([{ bytesPerSecond: rate }]);
  const device = await open({ libusb: "virtual", raw: true, iteratorTimeoutMs: 50 });
  const ending = new AbortController();
  const session = new CameraSession(device, { isVirtual: true, folder: "." });
  const running = session.run(ending.signal);
  const server = await serveViewer({
    site: siteOf(withEntry(await viewFiles())),
    served: { camera: session },
    port: 0,
  });
  try {
    await withTab(browser, server.makeTicketUrl(), watch);
  } finally {
    ending.abort();
    await running;
    await server.close();
    device.close();
    await configureVirtualBus();
  }
}

function reportText(all: readonly Watched[]): string {
  const header = [
    "events from",
    "MB/s asked",
    ...shownFigures,
    "shown MB/s",
    "lost MB/s",
    "cores: its thread, all",
    "refresh ms, 50 % and 99 %",
    "timers late ms, 50 % and 99 %",
    "tasks of 50 ms or more, in all and the longest, ms",
  ];
  const rows = all.map((one) => [
    one.way,
    one.megabytesPerSecond,
    ...shownFigures.map((name) => one.figures[name] ?? "–"),
    ...[one.shown, one.lost].map((rate) => rate === undefined ? "–" : (rate / mega).toFixed(0)),
    `${one.cpuShare.toFixed(2)}, ${one.processShare.toFixed(2)}`,
    ...[one.refreshMs, one.lateMs].map((times) => `${at(times, 0.5)}, ${at(times, 0.99)}`),
    `${one.longTasksMs.reduce((sum, ms) => sum + ms, 0).toFixed(0)}, ${Math.max(0, ...one.longTasksMs).toFixed(0)}`,
  ]);
  return (values.markdown ? markdownTable : table)(header, rows);
}

function at(times: readonly number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.length === 0 ? "–" : sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
}
