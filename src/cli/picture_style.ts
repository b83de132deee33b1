import type { PictureStyle } from "./picture.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the terminal can show, by its environment; undefined where it cannot move the cursor (`TERM=dumb`). Half blocks
 * need a locale in UTF-8. COLORTERM tells of more than the 256 colours that nearly all terminals have; NO_COLOR wants
 * none.
 */
export function pictureStyleOf(environment: Environment, platform: string): PictureStyle | undefined {
  if (environment.TERM === "dumb") return undefined;
  if (!hasUtf8(environment, platform)) return "ascii";
  if (environment.NO_COLOR) return "monochrome";
  return /truecolor|24bit/i.test(environment.COLORTERM ?? "") ? "24-bit" : "256";
}

/** The first of the three that is set counts, as POSIX says. On Windows the runtimes write Unicode to the console. */
function hasUtf8({ LC_ALL, LC_CTYPE, LANG }: Environment, platform: string): boolean {
  return platform === "win32" || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "");
}
