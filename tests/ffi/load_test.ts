import assert from "node:assert/strict";
import { checkNode, oldestNode } from "../../ffi/load.ts";
import { NeuromorphicError } from "../../mod.ts";
import { test } from "../support/test.ts";

test("a Node that is too old is told which one is needed", {}, () => {
  checkNode(`${oldestNode}.0.0`);
  checkNode("100.1.2");
  assert.throws(() => checkNode(`${oldestNode - 1}.20.8`), (error) => {
    assert.ok(error instanceof NeuromorphicError);
    assert.equal(error.code, "unsupported");
    assert.match(error.message, /^this is Node 19\.20\.8, and 20 or newer is needed: install /);
    return true;
  });
});
