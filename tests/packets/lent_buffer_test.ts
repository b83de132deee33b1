import assert from "node:assert/strict";
import { test } from "node:test";
import { LentBuffer } from "../../src/packets/lent_buffer.ts";

test("taking detaches what was lent and keeps the memory", () => {
  const lent = new LentBuffer(64);
  const first = lent.take();
  lent.lend(first);
  const view = new Uint8Array(first);
  view[3] = 7;
  const second = lent.take();
  assert.equal(first.byteLength, 0);
  assert.equal(view.length, 0);
  assert.equal(second.byteLength, 64);
  assert.equal(new Uint8Array(second)[3], 7, "moved, not made anew");
});

test("a buffer that was transferred away is replaced", () => {
  const lent = new LentBuffer(64);
  const first = lent.take();
  lent.lend(first);
  const moved = structuredClone(first, { transfer: [first] });
  const second = lent.take();
  assert.equal(second.byteLength, 64);
  assert.equal(moved.byteLength, 64, "the borrower's copy stays");
});

test("what was not lent is not detached", () => {
  const lent = new LentBuffer(64);
  assert.equal(lent.take(), lent.take());
});

test("closing detaches for good", () => {
  const lent = new LentBuffer(64);
  const buffer = lent.take();
  lent.lend(buffer);
  lent.close();
  lent.close();
  assert.equal(buffer.byteLength, 0);
});

test("a copy that was lent is detached; the buffer is filled again", () => {
  const lent = new LentBuffer(64);
  const buffer = lent.take();
  const copy = buffer.slice(0, 8);
  lent.lend(copy);
  assert.equal(lent.take(), buffer);
  assert.equal(copy.byteLength, 0);
  assert.equal(buffer.byteLength, 64);
});
