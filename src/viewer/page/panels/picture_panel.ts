/// <reference lib="dom" />
import { button, element, labelled, menu } from "../dom.ts";
import { span } from "../figures.ts";
import type { RendererLink } from "../renderer/renderer_link.ts";
import { colorMapChoices, lastTauPlace, sliderOfTau, styleChoices, type StyleName, tauOfSlider } from "../styles.ts";
import type { PictureStyle } from "../styles.ts";

/** Style, time and colours of a picture. */
export class PicturePanel {
  readonly root: HTMLElement;
  readonly #picture: RendererLink;
  readonly #style: HTMLSelectElement;
  readonly #colors: HTMLSelectElement;
  readonly #tau = element("input", { type: "range", min: "0", max: String(lastTauPlace), step: "1" });
  readonly #tauValue = element("output");
  readonly #tauName = element("span");
  readonly #tauField: HTMLLabelElement;
  readonly #explanation = element("p", { className: "hint" });

  constructor(picture: RendererLink) {
    this.#picture = picture;
    this.#style = menu(styleChoices, picture.style.name, (name) => this.#change({ name: name as StyleName }));
    this.#colors = menu(colorMapChoices, picture.style.colorMap, (name) => {
      this.#change({ colorMap: name as PictureStyle["colorMap"] });
    });
    this.#tau.oninput = () => this.#change({ tauUs: tauOfSlider(Number(this.#tau.value)) });
    this.#tauField = element("label", { className: "field" }, this.#tauName, this.#tau, this.#tauValue);
    this.root = element(
      "div",
      { className: "panel-body" },
      labelled("Style", this.#style),
      this.#explanation,
      this.#tauField,
      labelled("Colours", this.#colors),
      element("div", { className: "row" }, button("Empty", () => picture.clear(), { title: "Empty the picture (X)" })),
    );
    this.show();
  }

  /** The style after this one. */
  nextStyle(): void {
    const names = styleChoices.map(({ name }) => name);
    this.#change({ name: names[(names.indexOf(this.#picture.style.name) + 1) % names.length]! });
  }

  /** The colours after these. */
  nextColors(): void {
    const names = colorMapChoices.map(({ name }) => name);
    this.#change({ colorMap: names[(names.indexOf(this.#picture.style.colorMap) + 1) % names.length]! });
  }

  #change(part: Partial<PictureStyle>): void {
    this.#picture.setStyle({ ...this.#picture.style, ...part });
    this.show();
  }

  /** Shows the style in force. */
  show(): void {
    const { name, tauUs, colorMap } = this.#picture.style;
    const { timeLabel, explanation } = styleChoices.find((style) => style.name === name)!;
    this.#style.value = name;
    this.#colors.value = colorMap;
    this.#tau.value = String(sliderOfTau(tauUs));
    this.#tauValue.textContent = span(tauUs);
    this.#tau.setAttribute("aria-valuetext", span(tauUs));
    this.#tauName.textContent = timeLabel ?? "";
    this.#tauField.hidden = timeLabel === undefined;
    this.#explanation.textContent = explanation;
  }
}
