/** Opens an address in the user's browser, by the system's own way. */

import { spawn } from "node:child_process";
import process from "node:process";

/** The program that opens addresses, and its parameters. */
export function browserCommand(url: string, platform: string = process.platform): readonly [string, ...string[]] {
  switch (platform) {
    case "darwin":
      return ["open", url];
    case "win32":
      // `start` would take the address through a shell.
      return ["rundll32", "url.dll,FileProtocolHandler", url];
    default:
      return ["xdg-open", url];
  }
}

/** Opens an address. Resolves with whether there is a program that has taken it; never waits for the browser's end. */
export function openBrowser(
  url: string,
  command: readonly [string, ...string[]] = browserCommand(url),
): Promise<boolean> {
  const [program, ...parameters] = command;
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { stdio: "ignore", detached: true });
    // It may be the browser itself, which runs on: it is open where it has not failed by now.
    const timer = setTimeout(() => {
      child.unref();
      resolve(true);
    }, openedMs);
    const settle = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.on("error", () => settle(false));
    child.on("exit", (status) => settle(status === 0));
  });
}

/** After this time a program that opens addresses has failed, or will not. */
const openedMs = 3000;
