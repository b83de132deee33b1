/// <reference lib="dom" />
import { element } from "./dom.ts";
import type { Figure } from "./figures.ts";

/** The figures below a picture, as a list of names and values. Only what differs is written. */
export class FigureStrip {
  readonly root = element("dl", { className: "figures" });
  readonly #values = new Map<string, { readonly item: HTMLElement; readonly value: HTMLElement }>();

  /** Shows figures in their order; those that are no longer there go. */
  show(figures: readonly Figure[]): void {
    const names = new Set(figures.map(({ name }) => name));
    for (const [name, { item }] of this.#values) {
      if (names.has(name)) continue;
      item.remove();
      this.#values.delete(name);
    }
    const isMore = figures.some(({ name }) => !this.#values.has(name));
    for (const figure of figures) this.#show(figure);
    if (isMore) this.root.append(...figures.map(({ name }) => this.#values.get(name)!.item));
  }

  #show({ name, value, meaning, isWarning = false }: Figure): void {
    const shown = this.#values.get(name) ?? this.#add(name);
    if (shown.value.textContent !== value) shown.value.textContent = value;
    if (shown.item.title !== meaning) shown.item.title = meaning;
    shown.item.classList.toggle("warning", isWarning);
  }

  #add(name: string) {
    const value = element("dd");
    const item = element("div", {}, element("dt", {}, name), value);
    const shown = { item, value };
    this.#values.set(name, shown);
    return shown;
  }
}
