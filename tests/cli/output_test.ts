import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { Output } from "../../src/cli/output.ts";

/** A stream that keeps what is written. */
class FakeStream extends EventEmitter {
  written = "";

  write(text: string): void {
    this.written += text;
  }
}

test("lines are written until the stream breaks; the first error stays", () => {
  const stream = new FakeStream();
  const output = new Output(stream);
  output.print("first");
  assert.deepEqual([output.error, output.isUnread], [undefined, false]);
  const error = Object.assign(new Error("EPIPE, write"), { code: "EPIPE" });
  stream.emit("error", error);
  stream.emit("error", new Error("another"));
  output.print("second");
  assert.equal(stream.written, "first\n");
  assert.equal(output.error, error);
  assert.equal(output.isUnread, true);
});

test("a full disk is not a reader that has ended", () => {
  const stream = new FakeStream();
  const output = new Output(stream);
  stream.emit("error", Object.assign(new Error("no space left"), { code: "ENOSPC" }));
  assert.equal(output.isUnread, false);
});

test("closed, it leaves the stream as it was; a broken one goes on to be watched", () => {
  const stream = new FakeStream();
  const before = new Output(stream);
  before.close();
  assert.equal(stream.listenerCount("error"), 0);
  const broken = new Output(stream);
  stream.emit("error", new Error("broken"));
  broken.close();
  stream.emit("error", new Error("a write that was under way"));
  assert.equal(broken.error?.message, "broken");
});
