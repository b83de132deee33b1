import assert from "node:assert/strict";
import { describeVirtualBus } from "../../mod.ts";

/** Fails when a context, handle, claim or transfer of the virtual bus is still there, or a sensor still streams. */
export async function assertNothingLeft(): Promise<void> {
  const { contexts, handles, claims, transfersAllocated, cameras } = await describeVirtualBus();
  assert.deepEqual({ contexts, handles, claims, transfersAllocated }, {
    contexts: 0,
    handles: 0,
    claims: 0,
    transfersAllocated: 0,
  });
  for (const { serial, streaming } of cameras) assert.equal(streaming, false, `camera ${serial} streams`);
}
