/// <reference lib="dom" />
/** A page of the guide: its example can be changed and run. */

/** As the example names the library, and where it is in the site. */
const library = { name: "@neuromorphic/drivers/web", place: new URL("./web.js", import.meta.url).href };

const code = element("code", HTMLTextAreaElement);
const output = element("output", HTMLElement);
const run = element("run", HTMLButtonElement);
const original = code.value;

run.onclick = () => void runCode();
element("reset", HTMLButtonElement).onclick = () => {
  code.value = original;
};
code.onkeydown = (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void runCode();
};

/** Runs what stands in the text as a module of its own. */
async function runCode(): Promise<void> {
  if (run.disabled) return;
  run.disabled = true;
  output.replaceChildren();
  delete output.dataset.state;
  const restore = listen();
  const source = code.value.replaceAll(`"${library.name}"`, JSON.stringify(library.place));
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    await import(url);
    output.dataset.state = "done";
  } catch (error) {
    print(String(error));
    output.dataset.state = "failed";
  } finally {
    URL.revokeObjectURL(url);
    restore();
    run.disabled = false;
  }
}

/** Shows what `console.log` prints, until it is restored. */
function listen(): () => void {
  const { log } = console;
  console.log = (...values: unknown[]) => {
    print(values.map((value) => typeof value === "string" ? value : JSON.stringify(value)).join(" "));
    log(...values);
  };
  return () => console.log = log;
}

function print(line: string): void {
  output.append(`${line}\n`);
  output.scrollTop = output.scrollHeight;
}

function element<Kind extends HTMLElement>(id: string, kind: abstract new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${id}`);
}
