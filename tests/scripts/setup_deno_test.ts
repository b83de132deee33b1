import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutSeparator } from "../../scripts/arguments.ts";
import { checkDenoVersion, compareVersions } from "../../scripts/setup/deno_version.ts";
import { ensureLibusb, type LibusbHost, missingLibusbMessage } from "../../scripts/setup/libusb.ts";

test("versions compare by number", () => {
  assert.equal(compareVersions("2.9.0", "2.9.0"), 0);
  assert.equal(compareVersions("2.10.0", "2.9.6"), 1);
  assert.equal(compareVersions("2.9.0", "2.9.1"), -1);
  assert.equal(compareVersions("1.46.3", "2.0.0"), -1);
  assert.equal(compareVersions("3.0.0-rc.1+abc", "2.9.9"), 1);
});

test("an old Deno is refused with both versions and the way out", () => {
  checkDenoVersion("2.9.0", "2.9.0");
  assert.throws(() => checkDenoVersion("2.8.5", "2.9.0"), /Deno 2\.8\.5.*2\.9\.0 or newer.*deno upgrade/);
});

test("only a leading separator is dropped", () => {
  assert.deepEqual(withoutSeparator(["--", "--seconds", "5"]), ["--seconds", "5"]);
  assert.deepEqual(withoutSeparator(["--seconds", "5"]), ["--seconds", "5"]);
  assert.deepEqual(withoutSeparator(["a", "--", "b"]), ["a", "--", "b"]);
  assert.deepEqual(withoutSeparator([]), []);
});

/** A host where apt, if it is there, installs or fails. */
function host(options: { there?: boolean; apt?: "works" | "fails" | "lies" }): LibusbHost & { said: string[] } {
  let { there = false } = options;
  const said: string[] = [];
  return {
    said,
    isThere: () => there,
    canUseApt: () => options.apt !== undefined,
    installWithApt: () => {
      if (options.apt === "works") there = true;
      return Promise.resolve(options.apt === "fails" ? "E: Unable to locate package libusb-1.0-0" : undefined);
    },
    say: (line) => said.push(line),
  };
}

test("a libusb that is there is left alone", async () => {
  const there = host({ there: true, apt: "fails" });
  assert.equal(await ensureLibusb(there), true);
  assert.deepEqual(there.said, []);
});

test("apt installs libusb without a word of its own", async () => {
  const debian = host({ apt: "works" });
  assert.equal(await ensureLibusb(debian), true);
  assert.deepEqual(debian.said, []);
});

test("without apt the packages are named and setup goes on", async () => {
  const other = host({});
  assert.equal(await ensureLibusb(other), false);
  assert.deepEqual(other.said, [missingLibusbMessage]);
  for (const text of ["apt-get install libusb-1.0-0", "dnf install libusb1", "brew install libusb", "Windows"]) {
    assert.ok(missingLibusbMessage.includes(text), text);
  }
});

test("what apt complains of is shown", async () => {
  const broken = host({ apt: "fails" });
  assert.equal(await ensureLibusb(broken), false);
  assert.match(broken.said[0] ?? "", /could not install libusb-1.0-0:\nE: Unable to locate/);
  assert.equal(await ensureLibusb(host({ apt: "lies" })), false);
});
