import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { NeuromorphicError } from "../../mod.ts";
import { cameras } from "../../src/cameras/cameras.ts";
import { installUdevRules, installUdevRulesCommand, type Machine } from "../../src/cli/install_udev_rules.ts";
import { invocation } from "../../src/cli/system/invocation.ts";
import { replaceFile } from "../../src/cli/system/replace_file.ts";
import { formatUdevRules } from "../../src/usb/udev_rules.ts";
import { makeWorld } from "./testing/world.ts";

const ids = Object.values(cameras).flatMap(({ usbIds }) => usbIds);
const options = { path: undefined, access: "seat", dryRun: false } as const;

/** Runs a test with a machine whose rules are in a folder of its own. */
function onMachine(run: (machine: Machine, reloads: string[]) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_rules_"));
  const reloads: string[] = [];
  try {
    const systemPath = join(folder, "65.rules");
    const reload = () => void reloads.push("reload");
    run({ platform: "linux", systemPath, write: replaceFile, reload }, reloads);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("root installs the rules, and the system reads them; again it changes nothing", () => {
  onMachine((machine, reloads) => {
    const world = makeWorld();
    assert.equal(installUdevRules(options, world, machine), 0);
    assert.equal(readFileSync(machine.systemPath, "utf8"), formatUdevRules(ids));
    assert.equal(world.text(), `${machine.systemPath} is written.\nPlug the camera in again.\n`);
    const again = makeWorld();
    assert.equal(installUdevRules(options, again, machine), 0);
    assert.equal(again.text(), `${machine.systemPath} is up to date.\nPlug the camera in again.\n`);
    assert.equal(installUdevRules({ ...options, access: "everybody" }, makeWorld(), machine), 0);
    assert.match(readFileSync(machine.systemPath, "utf8"), /"04b4", .*"00f5", MODE="0666"\n/);
    assert.equal(reloads.length, 3);
  });
});

test("another file is written without a reload, relative to the caller's folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_rules_"));
  try {
    const world = makeWorld({ folder });
    assert.equal(await installUdevRulesCommand.parse(["--output", "my.rules"])(world), 0);
    assert.equal(world.text(), `${join(folder, "my.rules")} is written.\n`);
    assert.equal(readFileSync(join(folder, "my.rules"), "utf8"), formatUdevRules(ids));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("standard output has the rules and nothing else, on each system", async () => {
  const world = makeWorld();
  assert.equal(await installUdevRulesCommand.parse(["--output", "-"])(world), 0);
  assert.equal(world.text(), formatUdevRules(ids));
});

test("a dry run shows what would be done, and does nothing", () => {
  onMachine((machine, reloads) => {
    const world = makeWorld();
    assert.equal(installUdevRules({ ...options, dryRun: true }, world, machine), 0);
    assert.match(world.text(), /65\.rules would be:\n\n# Access[^]*Then as root: udevadm control --reload-rules\n$/);
    assert.throws(() => readFileSync(machine.systemPath), { code: "ENOENT" });
    assert.deepEqual(reloads, []);
  });
});

test("other systems need no rules", () => {
  for (
    const [platform, text] of [["darwin", "macOS needs no udev rules.\n"], ["win32", "Windows needs no udev rules.\n"]]
  ) {
    onMachine((machine, reloads) => {
      const world = makeWorld();
      assert.equal(installUdevRules(options, world, { ...machine, platform: platform! }), 0);
      assert.equal(world.text(), text);
      assert.deepEqual(reloads, []);
    });
  }
});

test("what is no place for a file is an error that says so", () => {
  onMachine((machine) => {
    const folder = join(machine.systemPath, "..");
    assert.throws(() => installUdevRules({ ...options, path: folder }, makeWorld(), machine), (error) => {
      return error instanceof NeuromorphicError && error.code === "io" &&
        error.message.includes("is a folder; give it a file: ") &&
        error.message.endsWith("/65-neuromorphic-drivers.rules");
    });
  });
  assert.throws(
    () => installUdevRulesCommand.parse(["--output="]),
    /--output must be a path, or - for standard output/,
  );
});

test("rules that the system has not read are told", () => {
  onMachine((machine) => {
    const world = makeWorld();
    const reload = () => {
      throw new Error("Command failed: udevadm control --reload-rules\nFailed to send reload request: no such file");
    };
    assert.equal(installUdevRules(options, world, { ...machine, reload }), 1);
    assert.match(
      world.stderr.text,
      /has not read the rules \(.*: Failed to send reload request: no such file\): start/,
    );
    assert.equal(readFileSync(machine.systemPath, "utf8"), formatUdevRules(ids));
  });
});

test("to users who are not root the line is printed that does it", () => {
  onMachine((machine, reloads) => {
    const write = () => {
      throw Object.assign(new Error("permission denied, open"), { code: "EACCES" });
    };
    for (const [access, option] of [["seat", ""], ["everybody", " --everybody"]] as const) {
      const world = makeWorld();
      assert.equal(installUdevRules({ ...options, access }, world, { ...machine, write }), 1);
      const line = world.stderr.text.trimEnd().split("\n").at(-1)!;
      const end = ` install-udev-rules${option} --output - | sudo tee ${machine.systemPath} >/dev/null && ` +
        "sudo udevadm control --reload-rules";
      assert.equal(line, invocation() + end);
      assert.equal(world.stdout.text, "");
    }
    assert.deepEqual(reloads, []);
  });
});

test("a system without udev is told", () => {
  onMachine((machine) => {
    const systemPath = join(machine.systemPath, "..", "missing", "65.rules");
    const wrong = () => installUdevRules(options, makeWorld(), { ...machine, systemPath });
    assert.throws(
      wrong,
      (error) => error instanceof NeuromorphicError && /has no udev: .*missing is missing/.test(error.message),
    );
  });
});
