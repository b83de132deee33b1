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
  /** As `KeyboardEvent.key` has them, in lower case; any of them. */
  readonly keys: readonly string[];
  /** As the help shows it. */
  readonly label: string;
  readonly command: Command;
  readonly meaning: string;
}

/** All keys, in the order of the help. */
export const keyBindings: readonly KeyBinding[] = [
  { keys: [" "], label: "Space", command: "toggle-pause", meaning: "Pause, or go on" },
  { keys: ["."], label: ".", command: "step", meaning: "One step on" },
  { keys: ["-"], label: "−", command: "slower", meaning: "Slower" },
  { keys: ["+", "="], label: "+", command: "faster", meaning: "Faster" },
  { keys: ["arrowleft"], label: "←", command: "back", meaning: "Back in a recording" },
  { keys: ["arrowright"], label: "→", command: "forward", meaning: "Forward in a recording" },
  { keys: ["x"], label: "X", command: "reset-picture", meaning: "Empty the picture" },
  { keys: ["s"], label: "S", command: "next-style", meaning: "Next style" },
  { keys: ["c"], label: "C", command: "next-colors", meaning: "Next colours" },
  { keys: ["p"], label: "P", command: "snapshot", meaning: "Save the picture (PNG)" },
  { keys: ["v"], label: "V", command: "clip", meaning: "Begin or end a clip (WebM)" },
  { keys: ["r"], label: "R", command: "record", meaning: "Begin or end a recording (RAW)" },
  { keys: ["h"], label: "H", command: "hot-pixels", meaning: "Mask hot pixels" },
  { keys: ["a"], label: "A", command: "all-pixels", meaning: "All pixels send again" },
  { keys: ["n"], label: "N", command: "next-view", meaning: "Next view, where there are several" },
  { keys: ["o"], label: "O", command: "open-file", meaning: "Open a recording" },
  { keys: ["f"], label: "F", command: "full-screen", meaning: "Full screen" },
  { keys: ["?"], label: "?", command: "help", meaning: "This help" },
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
  return keyBindings.find(({ keys }) => keys.includes(pressed))?.command;
}
