/** A page in the browser, driven as a person drives it. */

import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import type { DevTools, ProtocolEvent, ProtocolFields } from "./devtools.ts";

/** What a page is seen on, in CSS pixels. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  /** Pixels of a picture for each CSS pixel. Default 1. */
  readonly scale?: number;
  /** Whether it is a phone: touch, and no scroll bars. Default: false. */
  readonly isMobile?: boolean;
  /** What the person prefers. Default "light". */
  readonly colorScheme?: "light" | "dark";
}

/** A laptop's screen, and that of a phone. */
export const laptop: Screen = { width: 1280, height: 800 };
export const phone: Screen = { width: 390, height: 844, scale: 2, isMobile: true };

/** A place in the page, in CSS pixels from its visible top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle there. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const keys: Readonly<Record<string, ProtocolFields>> = {
  " ": { code: "Space", windowsVirtualKeyCode: 32, text: " " },
  Enter: { code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Escape: { code: "Escape", windowsVirtualKeyCode: 27 },
  Tab: { code: "Tab", windowsVirtualKeyCode: 9 },
  Home: { code: "Home", windowsVirtualKeyCode: 36 },
  End: { code: "End", windowsVirtualKeyCode: 35 },
  ArrowLeft: { code: "ArrowLeft", windowsVirtualKeyCode: 37 },
  ArrowUp: { code: "ArrowUp", windowsVirtualKeyCode: 38 },
  ArrowRight: { code: "ArrowRight", windowsVirtualKeyCode: 39 },
  ArrowDown: { code: "ArrowDown", windowsVirtualKeyCode: 40 },
};

/** How to open a tab. */
export interface TabOptions {
  /** Default: {@link laptop}. */
  readonly screen?: Screen | undefined;
  /** Of the browser's profile, or of the tab's own; the latter takes longer. Default "own". */
  readonly storage?: "own" | "profile";
}

/** A tab with its page. */
export class Tab {
  /** What went wrong in the page so far: uncaught errors, `console.error`, what the browser refused. */
  readonly errors: string[] = [];
  /** What it printed. */
  readonly messages: string[] = [];
  readonly #tools: DevTools;
  readonly #target: string;
  readonly #context: string | undefined;
  readonly #session: string;
  readonly #endListening: () => void;

  private constructor(
    tools: DevTools,
    { target, context, session }: { target: string; context: string | undefined; session: string },
  ) {
    this.#tools = tools;
    this.#target = target;
    this.#context = context;
    this.#session = session;
    this.#endListening = tools.listen((event) => {
      if (event.sessionId === session) this.#hear(event);
    });
  }

  /** Opens an empty page, with storage of its own or that of the profile. */
  static async open(tools: DevTools, { screen = laptop, storage = "own" }: TabOptions = {}): Promise<Tab> {
    const context = storage === "own" ? await tools.send("Target.createBrowserContext") : {};
    const { targetId: target } = await tools.send("Target.createTarget", { url: "about:blank", ...context });
    const { sessionId: session } = await tools.send("Target.attachToTarget", { targetId: target, flatten: true });
    const tab = new Tab(tools, { target, context: context.browserContextId, session });
    for (const domain of ["Page", "Runtime", "Log"]) await tab.#send(`${domain}.enable`);
    await tab.setScreen(screen);
    return tab;
  }

  /** Shows the page on another screen. */
  async setScreen({ width, height, scale = 1, isMobile = false, colorScheme = "light" }: Screen): Promise<void> {
    const metrics = { width, height, deviceScaleFactor: scale, mobile: isMobile };
    await this.#send("Emulation.setDeviceMetricsOverride", metrics);
    await this.#send("Emulation.setTouchEmulationEnabled", { enabled: isMobile });
    const features = [{ name: "prefers-color-scheme", value: colorScheme }];
    await this.#send("Emulation.setEmulatedMedia", { features });
  }

  /** Has a script run before those of every page to come. */
  async inject(script: string): Promise<void> {
    await this.#send("Page.addScriptToEvaluateOnNewDocument", { source: script });
  }

  /** Loads a page; resolves when its modules have run. */
  async goTo(url: string): Promise<void> {
    const loaded = this.#next("Page.loadEventFired");
    const { errorText } = await this.#send("Page.navigate", { url });
    assert.equal(errorText, undefined, url);
    await loaded;
  }

  /** The value of an expression in the page, as JSON has it; a promise's once it is there. */
  async evaluate<Value = unknown>(expression: string): Promise<Value> {
    // A click may be needed, as for `requestDevice`: the page takes the expression for a person's doing.
    const options = { awaitPromise: true, returnByValue: true, userGesture: true };
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", { expression, ...options });
    if (exceptionDetails === undefined) return result.value as Value;
    throw new Error(textOfException(exceptionDetails));
  }

  /** Waits until an expression is neither undefined, null nor false. Returns its value. */
  async until<Value = unknown>(expression: string): Promise<Value> {
    return await eventually(expression, async () => {
      const value = await this.evaluate<Value | null | false>(expression);
      return value === null || value === false ? undefined : value;
    });
  }

  /** Where an element is, scrolled into view. Waits for it. */
  async box(selector: string): Promise<Box> {
    return await this.#boxOf(`document.querySelector(${JSON.stringify(selector)})`);
  }

  /** Clicks on the middle of an element. */
  async click(selector: string): Promise<void> {
    await this.#clickOn(await this.box(selector));
  }

  /** Clicks on the button that a screen reader calls so. */
  async clickButton(name: string): Promise<void> {
    const isIt = `(button) => (button.ariaLabel ?? button.textContent) === ${JSON.stringify(name)}`;
    await this.#clickOn(await this.#boxOf(`[...document.querySelectorAll("button")].find(${isIt})`));
  }

  /** Chooses from a menu, which only a screen could show. */
  async choose(selector: string, value: string): Promise<void> {
    await this.box(selector);
    await this.evaluate(`(() => {
      const menu = document.querySelector(${JSON.stringify(selector)});
      menu.value = ${JSON.stringify(value)};
      menu.dispatchEvent(new Event("change", { bubbles: true }));
    })()`);
  }

  /** Gives the keyboard to an element. */
  async focus(selector: string): Promise<void> {
    await this.box(selector);
    await this.evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`);
  }

  /** Seconds of a processor that the page's thread has used. */
  async cpuSeconds(): Promise<number> {
    await this.#send("Performance.enable");
    const { metrics } = await this.#send("Performance.getMetrics");
    return metrics.find(({ name }: { name: string }) => name === "ThreadTime").value;
  }

  /** Files that the page offers to save go to a folder. */
  async saveFilesTo(folder: string): Promise<void> {
    const context = this.#context === undefined ? {} : { browserContextId: this.#context };
    await this.#tools.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder, ...context });
  }

  /** Drags from one point to another with the left button, on the way in some steps. */
  async drag(from: Point, to: Point, steps = 8): Promise<void> {
    await this.#mouse("mousePressed", from);
    for (let step = 1; step <= steps; step++) {
      const part = step / steps;
      await this.#mouse("mouseMoved", { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) });
    }
    await this.#mouse("mouseReleased", to);
  }

  /** Presses a key, by the name that `KeyboardEvent.key` has for it. */
  async press(key: string): Promise<void> {
    const isLetter = key.length === 1;
    const fields = keys[key] ?? {
      code: isLetter ? `Key${key.toUpperCase()}` : key,
      windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0),
      ...(isLetter ? { text: key } : {}),
    };
    await this.#send("Input.dispatchKeyEvent", { type: "text" in fields ? "keyDown" : "rawKeyDown", key, ...fields });
    const { text: _, ...released } = fields;
    await this.#send("Input.dispatchKeyEvent", { type: "keyUp", key, ...released });
  }

  /** Drops files of this machine on an element. */
  async dropFiles(selector: string, files: readonly string[]): Promise<void> {
    const at = middle(await this.box(selector));
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await this.#send("Input.dispatchDragEvent", { type, ...at, data });
    }
  }

  /** What is to be seen, as a PNG or as a JPEG of some quality up to 100. */
  async screenshot(quality?: number): Promise<Uint8Array<ArrayBuffer>> {
    const format = quality === undefined ? { format: "png" } : { format: "jpeg", quality };
    const { data } = await this.#send("Page.captureScreenshot", format);
    return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  }

  /** Closes the page. Fails where something went wrong in it that the test has not taken from `errors`. */
  async close(): Promise<void> {
    this.#endListening();
    await this.#tools.send("Target.closeTarget", { targetId: this.#target });
    if (this.#context !== undefined) {
      await this.#tools.send("Target.disposeBrowserContext", { browserContextId: this.#context });
    }
    assert.deepEqual(this.errors, []);
  }

  /** `element` is an expression. */
  async #boxOf(element: string): Promise<Box> {
    return await this.until<Box>(`(() => {
      const element = ${element};
      if (!element) return;
      element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      const { x, y, width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 ? { x, y, width, height } : undefined;
    })()`);
  }

  async #clickOn(box: Box): Promise<void> {
    const at = middle(box);
    await this.#mouse("mousePressed", at);
    await this.#mouse("mouseReleased", at);
  }

  async #mouse(type: string, { x, y }: Point): Promise<void> {
    const buttons = type === "mouseReleased" ? 0 : 1;
    await this.#send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons, clickCount: 1 });
  }

  async #send(method: string, params: ProtocolFields = {}): Promise<ProtocolFields> {
    return await this.#tools.send(method, params, this.#session);
  }

  #next(method: string): Promise<void> {
    return new Promise((resolve) => {
      const end = this.#tools.listen((event) => {
        if (event.sessionId !== this.#session || event.method !== method) return;
        end();
        resolve();
      });
    });
  }

  #hear({ method, params }: ProtocolEvent): void {
    if (method === "Runtime.exceptionThrown") {
      this.errors.push(textOfException(params.exceptionDetails));
    } else if (method === "Log.entryAdded") {
      const { level, text, url = "" } = params.entry;
      if (level === "error") this.errors.push(`${text} ${url}`.trim());
    } else if (method === "Runtime.consoleAPICalled") {
      const text = params.args.map((value: ProtocolFields) => value.value ?? value.description).join(" ");
      (["error", "assert"].includes(params.type) ? this.errors : this.messages).push(text);
    }
  }
}

function middle({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function textOfException({ text, exception }: ProtocolFields): string {
  return exception?.description ?? exception?.value ?? text;
}
