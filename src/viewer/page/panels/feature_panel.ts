/// <reference lib="dom" />
import { ChangeQueue } from "../change_queue.ts";
import { element, labelled, menu } from "../dom.ts";
import { type Feature, type FeatureField, featuresOf, isOn, switched, valuesOf, withField } from "../features.ts";
import type { CameraControls } from "../source.ts";

/** What else a camera can do, made of its configuration. */
export class FeaturePanel {
  readonly root = element("div", { className: "panel-body" });
  readonly #controls: CameraControls;
  readonly #changes: ChangeQueue;

  constructor(controls: CameraControls, failed: (error: unknown) => void) {
    this.#controls = controls;
    this.#changes = new ChangeQueue((changes) => controls.update(changes), {
      applied: () => this.refresh(),
      failed: (_, error) => {
        this.refresh();
        failed(error);
      },
    });
    this.refresh();
  }

  /** Shows the configuration in force. The focus stays where it was. */
  refresh(): void {
    const focused = document.activeElement?.id;
    const configuration = this.#controls.configuration();
    const features = featuresOf(this.#controls.type, configuration);
    this.root.replaceChildren(...features.map((feature) => this.#show(feature)));
    if (focused) document.getElementById(focused)?.focus();
  }

  #show(feature: Feature): HTMLElement {
    const { key, label, kind, fields = [] } = feature;
    const shown = fields.map((field) => this.#field(feature, field));
    if (kind === "number") return element("div", { className: "feature" }, ...shown);
    const isChecked = isOn(feature, this.#controls.configuration());
    const check = element("input", { type: "checkbox", checked: isChecked, id: `feature-${key}` });
    check.onchange = () => this.#changes.change(key, switched(feature, check.checked));
    return element(
      "div",
      { className: "feature" },
      element("label", { className: "check" }, check, label),
      ...(isChecked ? shown : []),
    );
  }

  #field(feature: Feature, field: FeatureField): HTMLElement {
    const { key } = feature;
    const value = valuesOf(feature, this.#controls.configuration())[field.name];
    const set = (given: unknown) => {
      const changes = withField(feature, this.#controls.configuration(), { name: field.name, value: given });
      this.#changes.change(key, changes);
    };
    const id = `feature-${key}-${field.name}`;
    if (field.kind === "choice") {
      const select = menu(field.choices.map((name) => ({ name, label: name })), String(value), set);
      select.id = id;
      return labelled(field.label, select);
    }
    const { minimum, maximum, step, unit } = field;
    const input = element("input", {
      type: "number",
      id,
      min: String(minimum),
      max: String(maximum),
      step: String(step),
      value: String(value),
    });
    input.onchange = () => set(Number(input.value));
    return labelled(field.label, input, element("small", {}, unit));
  }
}
