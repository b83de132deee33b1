/** The command line as users start it who have nothing but one runtime, and have installed nothing. */

import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { readmeCommand } from "./first_script.ts";
import { entriesOf } from "./tarballs.ts";
import { jsrForTests, skip, workbenchForTests } from "./open_for_tests.ts";
import type { ProgramSet } from "./workbench.ts";

const bench = workbenchForTests();
const jsr = jsrForTests();

const starts: readonly { readonly runtime: ProgramSet; readonly command: string }[] = [
  { runtime: "node", command: readmeCommand("npx neuromorphic-drivers") },
  { runtime: "bun", command: readmeCommand("bunx neuromorphic-drivers") },
  { runtime: "deno", command: readmeCommand("deno run --allow-all jsr:@neuromorphic/drivers/cli") },
];

for (const { runtime, command } of starts) {
  test(`${command}`, { skip }, async () => {
    const user = bench().user(runtime);
    const run = (parameters: string) => user.run(`${command} ${parameters}`, { JSR_URL: jsr().url });
    assert.match(await run("--virtual --seconds 1"), /^[1-9][\d,]* events \(ON \d+\.\d %\) in \d/m);
    assert.match(await run("list --virtual --json"), /"type": ?"prophesee-evk4"/);
    const rules = new TextDecoder().decode(
      entriesOf(bench().npm.bytes).get("package/udev/65-neuromorphic-drivers.rules"),
    );
    assert.ok((await run("install-udev-rules --dry-run")).includes(rules.trim()));
    await withUsedPort(async (port) => {
      const started = ["sh", "-c", `${command} virtual-camera --port ${port}`] as const;
      const { exitStatus, output } = await user.try(started, { JSR_URL: jsr().url });
      // The words of the program, which came with the package and may be executed.
      assert.match(output, new RegExp(`cannot listen on 127.0.0.1, port ${port}: AddressInUse`));
      assert.equal(exitStatus, 1);
      // It has found its page before it listens.
      const viewing = ["sh", "-c", `${command} view --virtual --no-open --port ${port}`] as const;
      const viewed = await user.try(viewing, { JSR_URL: jsr().url });
      assert.match(viewed.output, new RegExp(`view: port ${port} of 127.0.0.1 is in use`));
    });
  });
}

/** A port on which no other program can listen meanwhile. */
async function withUsedPort(work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}
