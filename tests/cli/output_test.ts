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

test("what a terminal would obey is escaped, but for the end of a line", () => {
  const stream = new FakeStream();
  new Output(stream).print("\x1b[2Jname\r\u202e\nsecond line\x9b");
  assert.equal(stream.written, "\\u001b[2Jname\\u000d\\u202e\nsecond line\\u009b\n");
});
