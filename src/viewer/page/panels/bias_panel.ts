/// <reference lib="dom" />
import { explanationOf, inOrder } from "../biases.ts";
import { ChangeQueue } from "../change_queue.ts";
import { button, element } from "../dom.ts";
import type { BiasBounds, CameraControls } from "../source.ts";

/** A bias on the screen. */
interface Slider {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly number: HTMLInputElement;
}

/** The biases of a camera as sliders, within the bounds of its chip. */
export class BiasPanel {
  readonly root = element("div", { className: "panel-body" });
  readonly #controls: CameraControls;
  readonly #changes: ChangeQueue;
  readonly #failed: (error: unknown) => void;
  readonly #sliders = new Map<string, Slider>();
  readonly #initial = new Map<string, number>();
  readonly #beyond = element("input", { type: "checkbox" });

  constructor(controls: CameraControls, failed: (error: unknown) => void) {
    this.#controls = controls;
    this.#failed = failed;
    this.#changes = new ChangeQueue((changes) => controls.update(changes), {
      applied: (key) => this.#showInForce(key),
      failed: (key, error) => {
        this.#showInForce(key);
        failed(error);
      },
    });
    this.#beyond.onchange = () => {
      this.#changes.change("beyond", { beyondRecommendedBiases: this.#beyond.checked });
      void this.#changes.settled().then(() => this.refresh());
    };
    void this.refresh();
  }

  /** Asks the camera for its biases and their bounds, and shows them. */
  async refresh(): Promise<void> {
    try {
      const biases = await this.#controls.biases();
      for (const { name, initial } of biases) if (!this.#initial.has(name)) this.#initial.set(name, initial);
      this.#build(biases);
    } catch (error) {
      this.#failed(error);
    }
  }

  #build(biases: readonly BiasBounds[]): void {
    const { main, more } = inOrder(biases);
    this.#sliders.clear();
    const beyond = element("label", { className: "check" }, this.#beyond, "Beyond what is recommended");
    this.#beyond.checked = this.#controls.configuration().beyondRecommendedBiases === true;
    const others = element(
      "details",
      {},
      element("summary", {}, "Other biases"),
      ...more.map((bias) => this.#add(bias)),
      beyond,
    );
    this.root.replaceChildren(
      ...main.map((bias) => this.#add(bias)),
      element("div", { className: "row" }, button("Reset biases", () => this.#reset())),
      others,
    );
  }

  #add({ name, value, minimum, maximum, unit }: BiasBounds): HTMLElement {
    const bounds = { min: String(minimum), max: String(maximum), step: "1" };
    const input = element("input", { type: "range", ...bounds, value: String(value), ariaLabel: name });
    const number = element("input", { type: "number", ...bounds, value: String(value), ariaLabel: `${name}, value` });
    const explanation = explanationOf(name);
    const root = element(
      "div",
      { className: "field bias", title: explanation ?? "Analogue setting, to be left as it is" },
      element("span", {}, name, ...(unit === "" ? [] : [element("small", {}, ` ${unit}`)])),
      input,
      number,
    );
    input.oninput = () => {
      number.value = input.value;
      this.#change(name, Number(input.value));
    };
    number.onchange = () => this.#change(name, Number(number.value));
    this.#sliders.set(name, { root, input, number });
    return root;
  }

  #change(name: string, value: number): void {
    this.#changes.change(name, { biases: { [name]: value } });
  }

  #reset(): void {
    const biases = Object.fromEntries([...this.#initial].filter(([name]) => this.#sliders.has(name)));
    this.#changes.change("reset", { biases });
  }

  /** What the camera has now, unless the user has moved on meanwhile. */
  #showInForce(key: string): void {
    const biases = this.#controls.configuration().biases as Readonly<Record<string, number>>;
    const names = key === "reset" ? [...this.#sliders.keys()] : [key];
    for (const name of names) {
      const slider = this.#sliders.get(name);
      const value = biases[name];
      if (slider === undefined || value === undefined || this.#changes.isWaiting(name)) continue;
      slider.input.value = slider.number.value = String(value);
    }
  }
}
