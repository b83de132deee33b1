import assert from "node:assert/strict";
import { test } from "node:test";
import { cameras } from "../../../src/cameras/cameras.ts";
import {
  priorityFinding,
  udevFinding,
  usbFindings,
  usbfsMemoryFindings,
} from "../../../src/cli/doctor/linux_findings.ts";
import { formatUdevRules } from "../../../src/usb/udev_rules.ts";
import { fakeFiles, type FakeTree, usbTree } from "../testing/fake_files.ts";

const ids = Object.values(cameras).flatMap(({ usbIds }) => usbIds);

test("USB devices need nodes; where there are none, the remedy depends on the system", () => {
  const find = (tree: FakeTree) => usbFindings(fakeFiles(tree))[0]!;
  const nodes = usbTree([{ port: "1-1", id: "04b4:00f5", address: 1 }, { port: "2-1", id: "04b4:00f5", address: 1 }]);
  assert.deepEqual(find(nodes), { status: "ok", subject: "USB", message: "/dev/bus/usb has 2 buses" });
  for (const mark of ["/.dockerenv", "/run/.containerenv", "/run/systemd/container"]) {
    const { status, message } = find({ [mark]: "" });
    assert.equal(status, "problem");
    assert.match(message, /It is a container: run it with --device \/dev\/bus\/usb$/, mark);
  }
  assert.match(
    find({ "/proc/version": "Linux version 6.6.87.2-microsoft-standard-WSL2" }).message,
    /\(WSL\): .*usbipd/,
  );
  assert.match(find({ "/proc/version": "Linux version 6.12" }).message, /In a virtual machine, .*--device/);
});

test("udev rules: missing, there and not at work yet, or of another version", () => {
  const find = (tree: FakeTree) => udevFinding(fakeFiles(tree));
  assert.deepEqual(find({}), {
    status: "problem",
    subject: "udev rules",
    message: "not installed; install-udev-rules does that",
  });
  const path = "/etc/udev/rules.d/65-neuromorphic-drivers.rules";
  assert.match(find({ [path]: formatUdevRules(ids) }).message, /does not work yet: plug .* again\. Users .* SSH need/);
  assert.match(find({ [path]: formatUdevRules(ids, "everybody") }).message, /does not work yet: plug .* again$/);
  assert.match(find({ [path]: "# others\n" }).message, /has other rules than install-udev-rules writes/);
  const packaged = "/usr/lib/udev/rules.d/65-neuromorphic-drivers.rules";
  assert.ok(find({ [packaged]: formatUdevRules(ids) }).message.startsWith(packaged));
});

test("memory for transfers is compared with what the cameras take by default", () => {
  const find = (text: string, cameras: number) => {
    return usbfsMemoryFindings(fakeFiles({ "/sys/module/usbcore/parameters/usbfs_memory_mb": text }), cameras)[0]!;
  };
  assert.deepEqual(usbfsMemoryFindings(fakeFiles({}), 1), []);
  assert.match(find("16\n", 0).message, /^16 MiB for all devices; a camera takes 4 MiB$/);
  assert.equal(find("16\n", 4).status, "ok");
  assert.deepEqual([find("0\n", 9).status, find("0\n", 9).message], ["ok", "no limit; 9 cameras take 36 MiB"]);
  const { status, message } = find("16\n", 5);
  assert.equal(status, "warning");
  assert.match(message, /^16 MiB .* but 5 cameras take 20 MiB\. Raise it: echo 40 \| sudo tee \/sys\/module\/usbcore/);
});

test("a usual priority is told with the right that is missing, which depends on the system", () => {
  const find = (tree: FakeTree, priority: "realtime" | "raised" | "usual") => {
    return priorityFinding(fakeFiles(tree), priority);
  };
  assert.match(find({}, "realtime").message, /^realtime, /);
  assert.match(find({}, "raised").message, /^raised, /);
  const { status, message } = find({}, "usual");
  assert.equal(status, "ok");
  assert.match(
    message,
    /^usual: .*\. To let it come first: echo "\$USER - rtprio 1" \| sudo tee \/etc\/security\/limits\.d\//,
  );
  assert.match(find({ "/.dockerenv": "" }, "usual").message, /: run the container with --ulimit rtprio=1$/);
});
