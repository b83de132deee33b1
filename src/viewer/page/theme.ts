/// <reference lib="dom" />
/** Dark or light: as the system has it, unless the user chooses. */

const key = "viewer-theme";

/** Makes a button switch between dark and light; the choice is kept in the browser. */
export function followTheme(toggle: HTMLButtonElement, changed: () => void): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const chosen = readChoice();
    if (chosen === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    const isDark = chosen === undefined ? system.matches : chosen === "dark";
    toggle.ariaLabel = toggle.title = isDark ? "Light colours" : "Dark colours";
    toggle.dataset.icon = isDark ? "sun" : "moon";
    changed();
  };
  toggle.onclick = () => {
    writeChoice(toggle.dataset.icon === "sun" ? "light" : "dark");
    show();
  };
  system.addEventListener("change", show);
  show();
}

function readChoice(): "dark" | "light" | undefined {
  try {
    const choice = localStorage.getItem(key);
    return choice === "dark" || choice === "light" ? choice : undefined;
  } catch {
    return undefined; // a page without storage follows the system
  }
}

function writeChoice(choice: "dark" | "light"): void {
  try {
    localStorage.setItem(key, choice);
  } catch {
    document.documentElement.dataset.theme = choice;
  }
}
