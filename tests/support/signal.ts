import process from "node:process";

/** Those of the test runner, which would end all tests: Node's has listeners in the process of the tests. */
const ofRunner = new Map(
  (["SIGINT", "SIGTERM"] as const).map((name) => [name, new Set(process.listeners(name))] as const),
);

/** Calls what the program listens to a signal with. */
export function emitSignal(name: "SIGINT" | "SIGTERM"): void {
  for (const listen of process.listeners(name)) if (!ofRunner.get(name)!.has(listen)) listen(name);
}
