/** A soak of some seconds: the account adds up, and an account that does not is noticed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { addAccount, differences, emptyAccount } from "../support/account.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { busIncidents } from "./incidents.ts";
import { planSession, type SoakOptions } from "./plan.ts";
import { report } from "./report.ts";
import { soak } from "./soak.ts";
import { slow } from "../support/test.ts";

const options: SoakOptions = { seconds: 4, bytesPerSecond: 400e6, seed: 1, faults: "all", source: "mixed" };

test("some seconds of a soak: every byte has its place", slow, async () => {
  const result = await soak(options, () => {});
  assert.deepEqual(result.differences, [], `seed ${options.seed}\n${report(result)}`);
  assert.ok(result.openings >= 3 && result.account.delivered > 0, report(result));
  await assertNothingLeft();
});

test("without faults it is one session from the beginning to the end", slow, async () => {
  const result = await soak(
    { ...options, seconds: 1, bytesPerSecond: 50e6, faults: "none", source: "scene" },
    () => {},
  );
  assert.deepEqual(result.differences, [], report(result));
  assert.deepEqual([result.sessions, result.openings, [...result.endings.keys()]], [1, 1, ["leaves the loop"]]);
});

test("a plan is the same at every run with the seed, and all that can go wrong is planned", () => {
  const planned = new Set<string>();
  for (let number = 0; number < 300; number++) {
    assert.deepEqual(planSession(options, number), planSession(options, number));
    for (const name of planSession(options, number).busIncidents) planned.add(name);
  }
  assert.deepEqual([...planned].sort(), Object.keys(busIncidents).sort());
});

test("an account with a byte too many or too few does not add up", () => {
  const right = { ...emptyAccount(), emitted: 100, received: 90, uncollected: 10, delivered: 60, dropped: 30 };
  assert.deepEqual(differences(right), []);
  for (const name of ["emitted", "received", "uncollected", "delivered", "cleared", "dropped", "leftUnread"] as const) {
    for (const wrong of [1, -1]) {
      const account = { ...right };
      addAccount(account, { ...emptyAccount(), [name]: wrong });
      assert.equal(differences(account).length > 0, true, name);
    }
  }
});
