/** How long files may be. */

import type { Sources } from "./check.ts";

/** Files have one subject, which some 300 lines hold. */
const maximumLines = 350;

/** Files that may be longer, up to which number of lines, and why. */
const exceptions: readonly { readonly path: string; readonly lines: number; readonly reason: string }[] = [
  { path: "zig/src/ring/stream_test.zig", lines: 400, reason: "each way in which transfers end" },
  {
    path: "zig/src/virtual/bus/libusb_api_test.zig",
    lines: 550,
    reason: "each function of libusb, one after the other",
  },
  { path: "tests/checks_test.ts", lines: 450, reason: "a table of mistakes and their messages" },
  { path: "tests/stream/faults_test.ts", lines: 500, reason: "each fault of the virtual camera" },
];

/** Returns one line for each file that is too long, and for each exception that is none any more. */
export function checkSizes(sources: Sources, allowed = exceptions): string[] {
  const linesOf = (path: string) => (sources.get(path) ?? "").split("\n").length - 1;
  const tooLong = [...sources.keys()].flatMap((path) => {
    const limit = allowed.find((exception) => exception.path === path)?.lines ?? maximumLines;
    const lines = linesOf(path);
    return lines > limit
      ? [`${path}:${limit + 1}: has ${lines} lines; split it by subject (${limit} are allowed)`]
      : [];
  });
  const needless = allowed.filter(({ path }) => linesOf(path) <= maximumLines)
    .map(({ path }) => `${path}:1: is short enough; take it out of scripts/layers/sizes.ts`);
  return [...tooLong, ...needless];
}
