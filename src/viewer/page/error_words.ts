/** What the page says where something fails: what happened, and what to do. */

import { NeuromorphicError } from "../../errors.ts";
import { adviceForPrograms } from "../../recording/foreign.ts";
import { formats } from "../../recording/formats/formats.ts";

/** Words for a failure. */
export interface ErrorWords {
  readonly title: string;
  /** What to do, a sentence each. */
  readonly advice: readonly string[];
  /** A text to copy, such as a udev rule; undefined where there is none. */
  readonly command?: string | undefined;
}

/** Where the page runs, as `navigator` tells it. */
export interface PageEnvironment {
  readonly userAgent: string;
  readonly isSecure: boolean;
}

/** What lets users of a Linux machine open the cameras: the command of the package does it with all ids. */
const udevCommand = "sudo npx neuromorphic-drivers install-udev-rules";

/** What a file may be. */
const readable = `The page reads: ${
  formats.filter(({ openReader }) => openReader !== undefined).map(({ title }) => title).join("; ")
}.`;

/** Why the page cannot reach USB at all. Recordings and the virtual camera work everywhere. */
export function withoutWebUsb({ userAgent, isSecure }: PageEnvironment): ErrorWords {
  const advice = ["Recordings and the virtual camera work here as well: drop a file onto the page."];
  if (!isSecure) {
    return {
      title: "This address is not secure, so the browser hides USB from the page",
      advice: ["Open the page by https, or from http://localhost.", ...advice],
    };
  }
  return {
    title: `${browserOf(userAgent)} WebUSB`,
    advice: [
      "Open the page in Chrome, Edge or another browser made of Chromium, on a computer or on Android.",
      "Or run `npx neuromorphic-drivers view`, which shows the camera in any browser.",
      ...advice,
    ],
  };
}

/** Words for an error of an operation. */
export function wordsFor(error: unknown, { userAgent }: Pick<PageEnvironment, "userAgent">): ErrorWords {
  const message = messageOf(error);
  const [title = message, ...rest] = message.split(adviceForPrograms);
  if (rest.length > 0) return { title, advice: [readable] };
  if (!(error instanceof NeuromorphicError)) return { title, advice: [] };
  const system = systemOf(userAgent);
  switch (error.code) {
    case "permission-denied":
      if (system === "Linux") {
        return {
          title,
          advice: ["The system refuses access to the camera. Allow it by a udev rule, then plug the camera in again."],
          command: udevCommand,
        };
      }
      return { title, advice: ["Press “Connect a camera” and choose it once more."] };
    case "busy":
      return {
        title,
        advice: [
          "Another tab or program uses the camera. Close it, then try again.",
          ...(system === "Windows"
            ? ["On Windows the camera needs the driver WinUSB: choose it for the device with Zadig (zadig.akeo.ie)."]
            : []),
        ],
      };
    case "disconnected":
      return { title, advice: ["The camera was unplugged. Plug it in again; the page opens it by itself."] };
    case "io":
    case "protocol":
      return { title, advice: ["Plug the camera in again, into a USB 3 port without a hub, and use a short cable."] };
    case "damaged":
      return { title, advice: ["What was readable before the damage has been shown."] };
    default:
      return { title, advice: [] };
  }
}

/** The beginning of a sentence. All browsers of iOS are Safari within; browsers made of Chromium call themselves Safari, too. */
function browserOf(userAgent: string): string {
  if (/iPhone|iPad/.test(userAgent)) return "No browser of iOS has";
  if (/Firefox/.test(userAgent)) return "Firefox has no";
  return /Safari/.test(userAgent) && !/Chrom/.test(userAgent) ? "Safari has no" : "This browser has no";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function systemOf(userAgent: string): "Linux" | "Windows" | "another" {
  if (/Windows/.test(userAgent)) return "Windows";
  return /Linux/.test(userAgent) && !/Android/.test(userAgent) ? "Linux" : "another";
}
