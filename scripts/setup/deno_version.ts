/** Holds Deno to the oldest version that the project is tested with. */

/** Compares versions such as `2.9.0` and `2.10.1` by number; what follows a hyphen or a plus counts for nothing. */
export function compareVersions(left: string, right: string): number {
  const [leftParts, rightParts] = [left, right].map((version) =>
    (version.split(/[-+]/)[0] ?? "").split(".").map(Number)
  );
  for (let index = 0; index < 3; ++index) {
    const difference = (leftParts?.[index] ?? 0) - (rightParts?.[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** Throws an error that says how to get a newer Deno, where the version is older than the minimum. */
export function checkDenoVersion(version: string, minimum: string): void {
  if (compareVersions(version, minimum) >= 0) return;
  throw new Error(
    `this is Deno ${version}, and the project needs ${minimum} or newer: ` +
      "run `deno upgrade`, or start the task through npm, which fetches a new one: `npx deno@latest task ...`",
  );
}
