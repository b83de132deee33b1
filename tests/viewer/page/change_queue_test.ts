import assert from "node:assert/strict";
import { test } from "node:test";
import { ChangeQueue } from "../../../src/viewer/page/change_queue.ts";
import type { SourceConfiguration } from "../../../src/viewer/page/source.ts";

test("of changes that wait with one key only the newest is sent, and keys keep their order", async () => {
  const sent: SourceConfiguration[] = [];
  const first = Promise.withResolvers<void>();
  const apply = (changes: SourceConfiguration) => {
    sent.push(changes);
    return sent.length === 1 ? first.promise : Promise.resolve();
  };
  const applied: string[] = [];
  const queue = new ChangeQueue(apply, { applied: (key) => void applied.push(key), failed: assert.fail });
  queue.change("diffOn", { diffOn: 1 });
  for (const diffOn of [2, 3, 4]) queue.change("diffOn", { diffOn });
  queue.change("fo", { fo: 9 });
  assert.equal(queue.isWaiting("diffOn"), true);
  first.resolve();
  await queue.settled();
  assert.deepEqual(sent, [{ diffOn: 1 }, { diffOn: 4 }, { fo: 9 }]);
  assert.deepEqual(applied, ["diffOn", "diffOn", "fo"]);
});

test("a change that fails is told, and the next one is sent", async () => {
  const told: string[] = [];
  const queue = new ChangeQueue(
    ({ fails }) => fails === true ? Promise.reject(new RangeError("too much")) : Promise.resolve(),
    { applied: (key) => void told.push(key), failed: (key, error) => void told.push(`${key}: ${error}`) },
  );
  queue.change("a", { fails: true });
  queue.change("b", {});
  await queue.settled();
  assert.deepEqual(told, ["a: RangeError: too much", "b"]);
});
