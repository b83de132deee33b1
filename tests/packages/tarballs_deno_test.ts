import assert from "node:assert/strict";
import { test } from "node:test";
import { integrityOf } from "../../scripts/packages/pack.ts";
import { fetchTarballs } from "./tarballs.ts";
import { koffiPackages, type PinnedPackage, thirdPartyPackages } from "./third_party.ts";

test("a tarball with another hash than the pinned one is refused", async () => {
  const koffi = koffiPackages().find(({ name }) => name === "koffi")!;
  const [tarball] = await fetchTarballs([koffi]);
  assert.deepEqual([tarball!.manifest.name, tarball!.manifest.version], ["koffi", koffi.version]);
  const other: PinnedPackage = { ...koffi, integrity: integrityOf(new Uint8Array(1)) };
  await assert.rejects(fetchTarballs([other]), /koffi-\S+\.tgz is not the koffi@\S+ with the pinned hash/);
});

test("each pin is a whole hash of its own", () => {
  const pins = thirdPartyPackages().map(({ integrity }) => integrity);
  for (const pin of pins) assert.equal(pin.length, integrityOf(new Uint8Array()).length);
  assert.equal(new Set(pins).size, pins.length);
});
