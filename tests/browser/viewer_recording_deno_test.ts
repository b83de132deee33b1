/** The viewer with a recording that is dropped onto it: its pictures have the events of the file and no others. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MemoryFiles, type Packet, type PolarityEvents, recordingFormats } from "../../mod.ts";
import { events } from "../encoder/encoded.ts";
import { eventually } from "../support/eventually.ts";
import { atRandom } from "../support/random.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { test } from "./testing/in_browser.ts";
import type { Tab } from "./testing/tab.ts";
import { figure, type Lit, litPixels, pictureDigest, pictures, styleMenu, withViewer } from "./testing/viewer.ts";

const geometry = { width: 320, height: 240 };

/** Drops a RAW file onto the page, whose virtual camera is closed before. The browser reads the file until the end. */
async function withDropped(tab: Tab, polarityEvents: PolarityEvents, run: () => Promise<void>): Promise<void> {
  await tab.click(".view .close");
  await tab.until("document.querySelector('.view') === null");
  const files = new MemoryFiles("made.raw");
  const format = recordingFormats.find(({ name }) => name === "raw-evt3")!;
  const writer = await format.openWriter!(files, { geometry });
  await writer.write({ polarityEvents } as Packet);
  await writer.close();
  await inFolder(async (folder) => {
    const path = join(folder, "made.raw");
    await writeFile(path, files.complete.get("made.raw")!);
    await tab.dropFiles("#views", [path]);
    await tab.until('document.querySelector(".view .time-line:not(:disabled)") !== null');
    await run();
  });
}

/** Pixels of which more events are ON than OFF, and the reverse. */
function expected({ t, x, y, on }: PolarityEvents, untilUs = Infinity): Lit {
  const sums = new Map<string, number>();
  for (let index = 0; index < t.length; index++) {
    if (t[index]! >= untilUs) break;
    const place = `${x[index]},${y[index]}`;
    sums.set(place, (sums.get(place) ?? 0) + (on[index] === 1 ? 1 : -1));
  }
  return Object.fromEntries(
    [...sums].flatMap(([place, sum]) => sum === 0 ? [] : [[place, sum > 0 ? "on" as const : "off" as const]]),
  );
}

async function untilPicture(tab: Tab, wanted: Lit): Promise<void> {
  const sorted = (lit: Lit) => JSON.stringify(Object.entries(lit).sort());
  let seen: Lit = {};
  await eventually("the picture", async () => {
    seen = await litPixels(tab);
    return sorted(seen) === sorted(wanted) ? true : undefined;
  }).catch(() => assert.deepEqual(seen, wanted));
}

/** Chooses the count of all events, and lets the recording begin again: the style was chosen in the middle. */
async function countFromBeginning(tab: Tab): Promise<void> {
  await tab.choose(styleMenu, "total");
  await tab.focus(".time-line");
  await tab.press("Home");
}

test("a dropped recording is shown whole: each event once, and no other", async (browser) => {
  await withViewer(browser, {}, (tab) =>
    atRandom(async (random) => {
      const list: [number, number, number, number][] = [];
      for (let t = 0; t < 3e5; t += random.whole(0, 1000)) {
        list.push([t, random.whole(0, geometry.width - 1), random.whole(0, geometry.height - 1), random.whole(0, 1)]);
      }
      await withDropped(tab, events(list), async () => {
        // So short a recording is shown slowly, and again and again.
        assert.equal(await tab.evaluate("document.querySelector('.transport .check input').checked"), true);
        await tab.click(".transport .check input");
        await tab.choose(".transport select", "1");
        await countFromBeginning(tab);
        await untilPicture(tab, expected(events(list)));
        // A pixel may be right before its last event; at the end all are.
        await tab.until(`document.querySelector('.transport [aria-label="Go on"]') !== null`);
        assert.deepEqual(await litPixels(tab), expected(events(list)));
      });
    }));
});

test("a paused recording stands still, and a step shows the events of its time", async (browser) => {
  await withViewer(browser, {}, async (tab) => {
    // A minute with one each 10 ms, in the middle between two figures of the time in ms.
    const all = events(Array.from({ length: 6000 }, (_, index) => [10_000 * index + 5_500, index % 320, 7, index & 1]));
    await withDropped(tab, all, async () => {
      await tab.clickButton("Pause");
      await countFromBeginning(tab);
      await atBeginning(tab);
      await tab.clickButton("One step on"); // a third of what one place of the time line lasts
      await eventually("a step", async () => await timeUs(tab) > 10_000 ? true : undefined);
      await tab.focus(".time-line");
      await tab.press("Home");
      await atBeginning(tab);
      assert.deepEqual(await litPixels(tab), {});
      for (let step = 0; step < 12; step++) {
        const before = await timeUs(tab);
        await tab.clickButton("One step on");
        const now = await eventually("a step", async () => {
          const time = await timeUs(tab);
          return time > before ? time : undefined;
        });
        assert.ok(now - before < 40_000, `${before} to ${now}`);
        await untilPicture(tab, expected(all, now));
      }
      const digest = await pictureDigest(tab);
      await tab.evaluate(pictures(20));
      assert.equal(await pictureDigest(tab), digest);
    });
  });
});

async function atBeginning(tab: Tab): Promise<void> {
  await eventually("the beginning", async () => await timeUs(tab) < 10_000 ? true : undefined);
}

/** The sensor's time, of the figures below the picture; they are in ms. */
async function timeUs(tab: Tab): Promise<number> {
  const [, seconds] = /^([\d.]+) s$/.exec(await figure(tab, "Time") ?? "") ?? [];
  return seconds === undefined ? Infinity : Math.round(1e6 * Number(seconds));
}
