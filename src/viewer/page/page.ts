/// <reference lib="dom" />
import { button, byId, element } from "./dom.ts";
import { type ErrorWords, wordsFor } from "./error_words.ts";
import { type Command, commandOf, keyBindings } from "./keys.ts";
import { columnsFor } from "./layout.ts";
import type { ViewerSource } from "./source.ts";
import { View, type ViewListener } from "./view.ts";

/** What stands below each picture, in pixels: its bar, figures and plot. */
const belowPicture = 190;

/** How often a screen reader is told the figures. */
const spokenEveryMs = 15_000;

/** What the page does with the world outside: each opens sources, and rejects with an error to be shown. */
export interface PageActions {
  /** Opens files that were dropped or chosen. */
  openFile(file: File): Promise<ViewerSource>;
}

/** All that is on the screen: views beside each other, the panel of the selected one, and messages. */
export class Page implements ViewListener {
  readonly #actions: PageActions;
  readonly #views: View[] = [];
  #selected: View | undefined;
  readonly #stages = byId("views", HTMLElement);
  readonly #panel = byId("panel", HTMLElement);
  readonly #messages = byId("messages", HTMLElement);
  readonly #spoken = byId("spoken", HTMLElement);
  readonly #welcome = byId("welcome", HTMLElement);
  readonly #file = byId("file", HTMLInputElement);
  #spokenAtMs = 0;

  constructor(actions: PageActions) {
    this.#actions = actions;
    this.#listen();
    requestAnimationFrame((nowMs) => this.#tick(nowMs));
  }

  /** The views, in their order on the screen. */
  get views(): readonly View[] {
    return this.#views;
  }

  /** Opens a source and shows it, and says `what` meanwhile; what fails is shown. Undefined where it failed. */
  async show(opening: Promise<ViewerSource>, what: string): Promise<View | undefined> {
    const waiting = element("p", { className: "waiting", attributes: { role: "status" } }, what);
    if (this.#views.length > 0) this.#messages.append(waiting);
    else this.#stages.append(waiting);
    this.#welcome.hidden = true;
    try {
      const source = await opening;
      const view = await View.open(source, this);
      this.#views.push(view);
      waiting.remove();
      this.#stages.append(view.root);
      view.root.addEventListener("pointerdown", () => this.#select(view));
      view.root.addEventListener("focusin", () => this.#select(view));
      this.#select(view);
      this.#layOut();
      for (const warning of source.warnings) this.message({ title: warning, advice: [] }, "note");
      return view;
    } catch (error) {
      waiting.remove();
      this.#layOut();
      this.fail(error);
      return undefined;
    }
  }

  /** Shows an error in words. */
  fail(error: unknown): void {
    if (error instanceof DOMException && error.name === "AbortError") return; // the user has changed their mind
    this.message(wordsFor(error, navigator), "error");
  }

  /** Shows a message until it is dismissed; notes go by themselves. */
  message({ title, advice, command }: ErrorWords, kind: "error" | "note"): void {
    const shown = element(
      "div",
      { className: `message ${kind}`, attributes: { role: kind === "error" ? "alert" : "status" } },
      element(
        "div",
        {},
        element("strong", {}, title),
        ...advice.map((sentence) => element("p", {}, sentence)),
        ...(command === undefined ? [] : [element("code", {}, command)]),
      ),
      button("×", () => shown.remove(), { className: "icon", ariaLabel: "Dismiss" }),
    );
    const last = this.#messages.lastElementChild;
    if (last?.querySelector("strong")?.textContent === title) last.remove(); // a slider fails many times
    this.#messages.append(shown);
    while (this.#messages.childElementCount > 4) this.#messages.firstElementChild?.remove();
    if (kind === "note") setTimeout(() => shown.remove(), 8000);
  }

  told(_: View, message: string): void {
    this.message({ title: message, advice: [] }, "note");
  }

  failed(_: View, error: unknown): void {
    this.fail(error);
  }

  ended(view: View, error: unknown): void {
    if (error !== undefined) this.fail(error);
    if (view.source.timeLine !== undefined) return; // it may be seen again
    if (error === undefined) this.told(view, `${view.source.name} has ended`);
    void view.close();
  }

  closed(view: View): void {
    this.#views.splice(this.#views.indexOf(view), 1);
    if (this.#selected === view) this.#select(this.#views.at(-1));
    this.#layOut();
  }

  /** Does what a key asks for. */
  run(command: Command): void {
    switch (command) {
      case "help":
        return byId("help", HTMLDialogElement).showModal();
      case "open-file":
        return this.#file.click();
      case "next-view": {
        const next = this.#views[(this.#views.indexOf(this.#selected!) + 1) % this.#views.length];
        next?.root.focus();
        return;
      }
      case "full-screen": {
        const root = this.#selected?.root;
        if (document.fullscreenElement !== null) return void document.exitFullscreen();
        return void root?.requestFullscreen().catch((error) => this.fail(error));
      }
      default:
        this.#selected?.run(command);
    }
  }

  /** The colours of the page have changed. */
  forgetColors(): void {
    for (const view of this.#views) view.forgetColors();
  }

  #tick(nowMs: number): void {
    for (const view of this.#views) view.tick(nowMs, view === this.#selected);
    if (nowMs - this.#spokenAtMs > spokenEveryMs) {
      this.#spokenAtMs = nowMs;
      this.#spoken.textContent = this.#selected?.spoken ?? "";
    }
    requestAnimationFrame((next) => this.#tick(next));
  }

  #select(view: View | undefined): void {
    if (this.#selected === view) return;
    this.#selected?.root.classList.remove("selected");
    view?.root.classList.add("selected");
    this.#selected = view;
    this.#panel.replaceChildren(...(view === undefined ? [] : [view.panel]));
    document.title = view === undefined ? "Event camera viewer" : `${view.source.name} – Event camera viewer`;
  }

  #layOut(): void {
    const { clientWidth, clientHeight } = this.#stages;
    const aspect = Math.max(...this.#views.map(({ source: { properties } }) => properties.width / properties.height));
    const box = { width: clientWidth, height: clientHeight };
    this.#stages.style.setProperty("--columns", String(columnsFor(this.#views.length, box, aspect, belowPicture)));
    this.#welcome.hidden = this.#views.length > 0 || this.#stages.querySelector(".waiting") !== null;
    document.body.classList.toggle("has-views", this.#views.length > 0);
    document.body.classList.toggle("has-several", this.#views.length > 1);
  }

  #listen(): void {
    new ResizeObserver(() => this.#layOut()).observe(this.#stages);
    document.addEventListener("keydown", (event) => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      const focused = target instanceof HTMLElement ? target as HTMLInputElement : null;
      if (document.querySelector("dialog[open]") !== null) return;
      const command = commandOf({ key, ctrlKey, metaKey, altKey, target: focused });
      if (command === undefined) return;
      event.preventDefault();
      this.run(command);
    });
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      document.body.classList.add("is-dropping");
    });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) document.body.classList.remove("is-dropping");
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("is-dropping");
      this.#openFiles(event.dataTransfer?.files);
    });
    addEventListener("beforeunload", (event) => {
      if (this.#views.some(({ isCapturing }) => isCapturing)) event.preventDefault(); // the browser asks the user
    });
    addEventListener("pagehide", ({ persisted }) => {
      if (!persisted) { for (const view of [...this.#views]) void view.close(); } // a sensor would stay on
    });
    this.#file.onchange = () => {
      this.#openFiles(this.#file.files);
      this.#file.value = ""; // so that the same file may be chosen again
    };
    byId("keys", HTMLElement).append(...keyBindings.flatMap(({ label, meaning }) => [
      element("dt", {}, element("kbd", {}, label)),
      element("dd", {}, meaning),
    ]));
  }

  #openFiles(files: FileList | null | undefined): void {
    for (const file of files ?? []) void this.show(this.#actions.openFile(file), `Opening ${file.name}…`);
  }
}
