/** What is open while the tests of a file run. */

import { after, before } from "node:test";
import { type JsrServer, startJsr } from "./jsr_server.ts";
import { obstacle, Workbench } from "./workbench.ts";

/** Why the tests are left out; false where they run. */
export const skip: string | false = obstacle ?? false;

/** A workbench for the tests of a file: returns what gives it to them. */
export function workbenchForTests(): () => Workbench {
  return openForTests(() => Workbench.open());
}

/** A JSR for the tests of a file: returns what gives it to them. */
export function jsrForTests(): () => JsrServer {
  return openForTests(startJsr);
}

function openForTests<Opened extends { close(): Promise<void> }>(open: () => Promise<Opened>): () => Opened {
  let opened: Opened | undefined;
  before(async () => {
    if (skip === false) opened = await open();
  });
  after(async () => await opened?.close());
  return () => opened!;
}
