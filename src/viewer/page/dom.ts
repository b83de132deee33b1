/// <reference lib="dom" />
/** Elements made in one call. Text is text: nothing here reads markup. */

/** What an element gets besides its children. */
export type ElementOptions<Name extends keyof HTMLElementTagNameMap> =
  & Partial<Omit<HTMLElementTagNameMap[Name], "style" | "dataset" | "children" | "attributes">>
  & {
    /** Attributes that are no properties, such as `aria-live`. */
    readonly attributes?: Readonly<Record<string, string>>;
  };

/** Makes an element with its properties and children. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { attributes = {}, ...properties }: ElementOptions<Name> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  Object.assign(made, properties);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** A button with a text, and what it does. */
export function button(
  text: string,
  onclick: () => void,
  options: ElementOptions<"button"> = {},
): HTMLButtonElement {
  return element("button", { type: "button", onclick, ...options }, text);
}

/** A control with its label in front of it. */
export function labelled(text: string, control: HTMLElement, ...rest: readonly (Node | string)[]): HTMLLabelElement {
  return element("label", { className: "field" }, element("span", {}, text), control, ...rest);
}

/** A menu of choices; `onChange` gets the name that was chosen. */
export function menu(
  choices: readonly { readonly name: string; readonly label: string }[],
  chosen: string,
  onChange: (name: string) => void,
): HTMLSelectElement {
  const options = choices.map(({ name, label }) => element("option", { value: name }, label));
  const select = element("select", {}, ...options);
  select.value = chosen;
  select.onchange = () => onChange(select.value);
  return select;
}

/** The element with an id that `index.html` has. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no element "${id}"`);
  return found;
}

/** Offers a file to save. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers begin to read it after the click
}
