/** The keyboard, as data: what `?` shows is what works. */

/** What a key does. */
export type Command =
  | "toggle-pause"
  | "step"
  | "slower"
  | "faster"
  | "back"
  | "forward"
  | "reset-picture"
  | "next-style"
  | "next-colors"
  | "snapshot"
  | "clip"
  | "record"
  | "hot-pixels"
  | "all-pixels"
  | "next-view"
  | "open-file"
  | "full-screen"
  | "help";

/** A key and its meaning. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` has it, in lower case. */
  readonly key: string;
  /** As the help shows it. */
  readonly label: string;
  readonly command: Command;
  readonly meaning: string;
}

/** All keys, in the order of the help. */
export const keyBindings: readonly KeyBinding[] = [
  { key: " ", label: "Space", command: "toggle-pause", meaning: "Pause, or go on" },
  { key: ".", label: ".", command: "step", meaning: "One step on" },
  { key: "[", label: "[", command: "slower", meaning: "Slower" },
  { key: "]", label: "]", command: "faster", meaning: "Faster" },
  { key: "arrowleft", label: "←", command: "back", meaning: "Back in a recording" },
  { key: "arrowright", label: "→", command: "forward", meaning: "Forward in a recording" },
  { key: "x", label: "X", command: "reset-picture", meaning: "Empty the picture" },
  { key: "s", label: "S", command: "next-style", meaning: "Next style" },
  { key: "c", label: "C", command: "next-colors", meaning: "Next colours" },
  { key: "p", label: "P", command: "snapshot", meaning: "Save the picture (PNG)" },
  { key: "v", label: "V", command: "clip", meaning: "Begin or end a clip (WebM)" },
  { key: "r", label: "R", command: "record", meaning: "Begin or end a recording (RAW)" },
  { key: "h", label: "H", command: "hot-pixels", meaning: "Mask hot pixels" },
  { key: "a", label: "A", command: "all-pixels", meaning: "All pixels send again" },
  { key: "n", label: "N", command: "next-view", meaning: "Next view, where there are several" },
  { key: "o", label: "O", command: "open-file", meaning: "Open a recording" },
  { key: "f", label: "F", command: "full-screen", meaning: "Full screen" },
  { key: "?", label: "?", command: "help", meaning: "This help" },
];

/** A key press as far as it matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** Name of the focused element, in upper case, and its type: a text field takes all keys itself. */
  readonly target: { readonly tagName?: string; readonly type?: string } | null;
}

/** Elements that use a key themselves. */
const ownKeys: Readonly<Record<string, (key: string) => boolean>> = {
  INPUT: () => true,
  SELECT: () => true,
  TEXTAREA: () => true,
  BUTTON: (key) => key === " ",
  SUMMARY: (key) => key === " ",
};

/** What a key press asks for; undefined where it is not for the page. */
export function commandOf({ key, ctrlKey, metaKey, altKey, target }: KeyPress): Command | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const pressed = key.toLowerCase();
  if (ownKeys[target?.tagName ?? ""]?.(pressed)) return undefined;
  return keyBindings.find((binding) => binding.key === pressed)?.command;
}
