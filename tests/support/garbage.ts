const globals = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };

/** Collects all garbage, in a child that exposes the collector (`runChild`). */
export function collectGarbage(): void {
  if (globals.gc !== undefined) globals.gc();
  else globals.Bun!.gc(true);
}
