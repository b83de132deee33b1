/// <reference lib="dom" />
/** The viewer's page with a virtual camera of any rate, and what tells how busy it is. The benchmark calls `viewerPage`. */

import { createVirtualUsb, open } from "../../../src/web/mod.ts";
import { Page } from "../../../src/viewer/page/page.ts";
import { sourceOfDevice, viewerOptions } from "../../../src/viewer/page/sources/device_source.ts";
import { openRecordingSource } from "../../../src/viewer/page/sources/recording_source.ts";
import { isServedByView, openRemoteSource } from "../../../src/viewer/page/sources/remote_source.ts";

/** How busy the page was. */
export interface Busyness {
  readonly seconds: number;
  /** Times between two refreshes of the screen, ms. */
  readonly refreshMs: readonly number[];
  /** How much later than asked for timers came, ms. */
  readonly lateMs: readonly number[];
  /** Tasks of more than 50 ms. */
  readonly longTasksMs: readonly number[];
}

/** Bytes that were shown, and those that were lost on the way, since the beginning. */
export interface Account {
  readonly shown: number;
  readonly lost: number;
}

const timerMs = 10;
const page = new Page({ openFile: (file) => openRecordingSource({ kind: "file", file }) });
let account: () => Account | undefined = () => undefined;

const viewerPage = {
  /** Shows a virtual camera. */
  async openCamera(bytesPerSecond: number): Promise<void> {
    const usb = await createVirtualUsb({ bytesPerSecond });
    const [handle] = await usb.getDevices();
    const device = await open(handle!, { usb, ...viewerOptions });
    const source = sourceOfDevice(device, "virtual");
    account = () => {
      const { bytes, backlogBytes } = device.statistics;
      const { droppedBytes } = source.statistics!();
      const lost = droppedBytes + usb.describe()[0]!.bytesLostInCamera;
      return { shown: bytes - droppedBytes - backlogBytes, lost };
    };
    await page.show(Promise.resolve(source), "…");
  },

  account: () => account(),

  /** Watches for a while. */
  async watch(forMs: number): Promise<Busyness> {
    const [refreshMs, lateMs, longTasksMs]: [number[], number[], number[]] = [[], [], []];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasksMs.push(duration);
    });
    observer.observe({ type: "longtask" });
    const beganMs = performance.now();
    let isOver = false;
    let lastMs = beganMs;
    const refresh = (nowMs: number) => {
      refreshMs.push(nowMs - lastMs);
      lastMs = nowMs;
      if (!isOver) requestAnimationFrame(refresh);
    };
    requestAnimationFrame(refresh);
    while (performance.now() - beganMs < forMs) {
      const askedMs = performance.now();
      await new Promise((resolve) => setTimeout(resolve, timerMs));
      lateMs.push(performance.now() - askedMs - timerMs);
    }
    isOver = true;
    observer.disconnect();
    return { seconds: (performance.now() - beganMs) / 1e3, refreshMs: refreshMs.slice(1), lateMs, longTasksMs };
  },
};

if (isServedByView(document)) {
  const opening = openRemoteSource(document.baseURI, openRecordingSource);
  void page.show(opening, "…");
  void opening.then((source) =>
    account = () => {
      const { bytes, droppedBytes } = source.statistics!();
      return { shown: bytes, lost: droppedBytes };
    }
  );
}
Object.assign(globalThis, { viewerPage });
