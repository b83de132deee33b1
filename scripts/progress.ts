/** Shows on standard error what a script does, so that its standard output stays its result. */

import process from "node:process";

/** Prints a line. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Does a piece of work and shows its title and its time, on a terminal with running seconds. */
export async function step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const seconds = (digits: number) => ((performance.now() - started) / 1000).toFixed(digits);
  const isTerminal = process.stderr.isTTY === true;
  if (!isTerminal) say(`${title} ...`);
  const show = () => process.stderr.write(`\r${title} ... ${seconds(0)} s`);
  const timer = isTerminal ? setInterval(show, 1000) : undefined;
  if (isTerminal) show();
  let outcome = "failed after";
  try {
    const result = await work();
    outcome = "done in";
    return result;
  } finally {
    clearInterval(timer);
    say(`${isTerminal ? "\r\x1b[K" : ""}${title}: ${outcome} ${seconds(1)} s`);
  }
}
