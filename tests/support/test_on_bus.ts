import { configureVirtualBus } from "../../mod.ts";
import { test as anyTest, type TestOptions } from "./test.ts";
import { assertNothingLeft } from "./virtual.ts";

type Run = () => void | Promise<void>;

/**
 * A test with cameras of the virtual bus: it leaves nothing behind there, and the next one finds the cameras of the
 * beginning. Not `afterEach`, whose failures Deno's `node:test` does not report.
 */
export function test(name: string, run: Run): void;
export function test(name: string, options: TestOptions, run: Run): void;
export function test(name: string, ...rest: [Run] | [TestOptions, Run]): void {
  const [options, run] = rest.length === 1 ? [{}, rest[0]] : rest;
  anyTest(name, options, async () => {
    try {
      await run();
      await assertNothingLeft();
    } finally {
      await configureVirtualBus();
    }
  });
}
