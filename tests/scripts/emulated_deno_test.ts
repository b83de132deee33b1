import assert from "node:assert/strict";
import { test } from "node:test";
import { ensurePackages, type PackageHost } from "../../scripts/setup/packages.ts";
import { type EmulatorHost, ensureEmulators } from "../../scripts/testing/emulated.ts";

/** A Debian machine, and what apt was asked for. */
function host(options: Partial<PackageHost> & { there?: readonly string[] }): PackageHost & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    isInstalled: (name) => Promise.resolve(options.there?.includes(name) === true),
    isRoot: () => true,
    hasApt: () => true,
    install: (names) => {
      asked.push(...names);
      return Promise.resolve(undefined);
    },
    ...options,
  };
}

test("only missing packages are installed", async () => {
  const debian = host({ there: ["one", "three"] });
  assert.equal(await ensurePackages(["one", "two", "three", "four"], debian), undefined);
  assert.deepEqual(debian.asked, ["two", "four"]);
});

test("where all packages are there, root's rights are not needed", async () => {
  const user = host({ there: ["one"], isRoot: () => false, hasApt: () => false });
  assert.equal(await ensurePackages(["one"], user), undefined);
  assert.deepEqual(user.asked, []);
});

test("what keeps packages from being installed is told with their names", async () => {
  const reasons = await Promise.all([
    ensurePackages(["one"], host({ isRoot: () => false })),
    ensurePackages(["one"], host({ hasApt: () => false })),
    ensurePackages(["one"], host({ install: () => Promise.resolve("E: no such package") })),
  ]);
  assert.match(reasons[0] ?? "", /only root.*one/);
  assert.match(reasons[1] ?? "", /apt-get: one/);
  assert.match(reasons[2] ?? "", /could not install one:\nE: no such package/);
});

/** A machine with some programs, where the installation ends so. */
function machine(platform: string, programs: readonly string[], obstacle?: string): EmulatorHost & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    platform,
    isOnPath: (program) => programs.includes(program),
    ensurePackages: (names) => {
      asked.push(...names);
      return Promise.resolve(obstacle);
    },
  };
}

test("emulators that are there are used, of any installation", async () => {
  const any = machine("linux", ["qemu-aarch64", "qemu-x86_64"], "not Debian");
  assert.equal(await ensureEmulators(any), undefined);
  assert.deepEqual(any.asked, []);
});

test("a missing emulator is installed, or its obstacle is the reason for the skip", async () => {
  const debian = machine("linux", ["qemu-aarch64"]);
  assert.equal(await ensureEmulators(debian), undefined);
  assert.deepEqual(debian.asked, ["qemu-user"]);
  assert.equal(await ensureEmulators(machine("linux", [], "no apt-get")), "no apt-get");
  assert.match(await ensureEmulators(machine("darwin", [])) ?? "", /Linux only.*darwin/);
});
