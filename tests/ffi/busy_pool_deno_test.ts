/** Deno lends native calls a thread of a pool, whose threads may all be taken by other code of the program. */

import assert from "node:assert/strict";
import { nativeSymbols } from "../../ffi/symbols.ts";
import { loadNative } from "../../src/native/native.ts";
import { openRawStreams } from "../support/raw_stream.ts";
import { slow, test } from "../support/test.ts";

/** More than the pool has. */
const calls = 40;

/** Longer than anything else here lasts. */
const longMs = 60_000;

test("a wait for what is there already ends while all threads of the pool are taken", slow, async () => {
  const { path } = await loadNative();
  const { parameters, result } = nativeSymbols.nd_stream_wait;
  const library = Deno.dlopen(path, { nd_stream_wait: { parameters: [...parameters], result, nonblocking: true } });
  const [silent, fast] = await openRawStreams([{}, {}]);
  const taken = Array.from({ length: calls }, () => library.symbols.nd_stream_wait(silent!.handle, longMs));
  let over = 0;
  for (const each of taken) each.then(() => over += 1);
  const waiter = fast!.native.createWaiter(fast!.handle);
  try {
    await fast!.startSensor();
    for (let turns = 0; turns < 20; turns++) await waiter.wait(longMs);
    assert.equal(over, 0);
  } finally {
    waiter.close();
    fast!.close();
    silent!.close();
    await Promise.all(taken);
    library.close();
  }
});
