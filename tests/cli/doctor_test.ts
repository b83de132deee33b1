import assert from "node:assert/strict";
import { configureVirtualBus, open } from "../../mod.ts";
import { doctor, doctorCommand, type Examination } from "../../src/cli/doctor.ts";
import { Interrupted } from "../../src/cli/interruption.ts";
import { virtualLibraryPath } from "../support/libraries.ts";
import { test } from "../support/test_on_bus.ts";
import { fakeFiles, usbTree } from "./testing/fake_files.ts";
import { makeWorld } from "./testing/world.ts";

/** Runs the doctor on the virtual camera. */
async function run(...parameters: string[]): Promise<{ exitStatus: number; lines: string[]; text: string }> {
  const world = makeWorld();
  const exitStatus = await doctorCommand.parse(["--virtual", ...parameters])(world);
  assert.equal(world.stderr.text, "");
  return { exitStatus, lines: world.stdout.text.trimEnd().split("\n"), text: world.stdout.text };
}

/** Examines a made-up Linux, whose libusb is the virtual camera's library, and opens nothing. */
async function examineLinux(changes: Partial<Examination>): Promise<{ exitStatus: number; lines: string[] }> {
  const world = makeWorld();
  const { signal } = new AbortController();
  const examination = { libusb: virtualLibraryPath, opens: false, signal, platform: "linux", ...changes };
  const exitStatus = await doctor(examination, false, world);
  return { exitStatus, lines: world.stdout.text.trimEnd().split("\n") };
}

test("a camera that works is usable: each line is ok, and tells what was found", async () => {
  const { exitStatus, lines } = await run();
  assert.equal(exitStatus, 0);
  const findings = lines.slice(0, -2);
  assert.deepEqual(findings.filter((line) => !line.startsWith("ok       ")), []);
  assert.match(findings[0]!, /neuromorphic-drivers: version \d+\.\d+\.\d+, (Deno|Bun|Node) \d+\.\d+\.\d+, \w+ \w+$/);
  assert.match(findings[1]!, /native library: .*neuromorphic_drivers\S*, interface version \d+, decoder kernel \S+$/);
  assert.match(findings[2]!, /virtual camera's library: version 1\.0\.\d+, .*neuromorphic_virtual_camera/);
  assert.match(findings[3]!, /Prophesee EVK4 00000001: connected at 5 Gb\/s \(USB 3\), bus 1, address \d+$/);
  assert.match(findings[4]!, /Prophesee EVK4 00000001: opens and sends; .*IMX636, 1280 x 720 pixels, firmware 3\.9\.0/);
  assert.deepEqual(lines.slice(-2), ["", "1 of 1 camera usable"]);
});

test("one usable camera among others is enough; each of the others has its problem", async () => {
  await configureVirtualBus([{ serial: "00050ABC" }, { permission: false }, {
    serial: "00000003",
    faults: [{ kind: "error", function: "libusb_claim_interface", code: -99, times: 0 }],
  }, { serial: "00000004", speed: "high" }]);
  await using _device = await open({ libusb: "virtual", serial: "00050ABC" });
  const { exitStatus, lines } = await run();
  assert.equal(exitStatus, 0);
  const problems = lines.filter((line) => line.startsWith("problem"));
  assert.equal(problems.length, 3, lines.join("\n"));
  for (const [index, code] of ["BUSY", "ACCESS", "OTHER"].entries()) {
    assert.match(
      problems[index]!,
      new RegExp(
        `^problem {2}Prophesee EVK4(?:, EVK3 HD or EVK3 GenX320)? \\(bus 1, address \\d+\\): [^:]*: .*_${code}`,
      ),
    );
  }
  assert.equal(lines.filter((line) => /^warning {2}Prophesee EVK4 00000004: .*\(USB 2\)/.test(line)).length, 1);
  assert.equal(lines.at(-1), "1 of 4 cameras usable");
});

test("a camera that opens and sends nothing is not usable", async () => {
  await configureVirtualBus([{ faults: [{ kind: "hang", endpoint: 0x81, times: 0 }] }]);
  const { exitStatus, lines } = await run();
  assert.equal(exitStatus, 1);
  assert.match(lines.at(-3)!, /^problem {2}Prophesee EVK4 00000001: opens, but sends nothing for 3 s/);
  assert.equal(lines.at(-1), "0 of 1 camera usable");
});

test("a camera that does not come up is a problem; with --no-open that does not show", async () => {
  const faulty = () =>
    configureVirtualBus([{ faults: [{ kind: "failure-flag", endpoint: 0x82, after: 3, times: 0 }] }]);
  await faulty();
  const opened = await run();
  assert.equal(opened.exitStatus, 1);
  assert.match(opened.lines.at(-3)!, /^problem {2}Prophesee EVK4 00000001: read serial: the camera refused/);
  await faulty();
  const { exitStatus, lines } = await run("--no-open");
  assert.equal(exitStatus, 0);
  assert.match(lines.at(-3)!, /^ok .*connected at/);
});

test("a camera whose firmware is too old is usable, with a warning", async () => {
  await configureVirtualBus([{ firmware: "3.7.1" }]);
  const { exitStatus, lines } = await run();
  assert.equal(exitStatus, 0);
  assert.match(
    lines.at(-3)!,
    /^warning {2}Prophesee EVK4 00000001: opens and sends; .*, firmware 3\.7\.1 of .*; firmware 3\.7\.1 is older than 3\.8\.0/,
  );
  const { cameras: [camera] } = JSON.parse((await run("--json")).text);
  assert.match(camera.firmware.warning, /^firmware 3\.7\.1 is older/);
  await configureVirtualBus();
});

test("--json has all findings and cameras in one object", async () => {
  const { exitStatus, text } = await run("--json");
  assert.equal(exitStatus, 0);
  const { usable, findings, cameras } = JSON.parse(text);
  assert.equal(usable, true);
  assert.equal(findings.length, 5);
  for (const finding of findings) assert.deepEqual(Object.keys(finding), ["status", "subject", "message"]);
  const [{ address, ...camera }] = cameras;
  assert.ok(address > 0);
  assert.deepEqual(camera, {
    name: "Prophesee EVK4",
    type: "prophesee-evk4",
    vendorId: 0x04b4,
    productId: 0x00f5,
    bus: 1,
    speed: "super",
    serial: "00000001",
    port: null,
    state: "free",
    error: null,
    drivers: [],
    firmware: { version: "3.9.0", buildDate: "2023-01-01T00:00:00.000Z", warning: null },
    usable: true,
  });
});

test("a Linux without a camera is examined, too", async () => {
  const files = fakeFiles({
    ...usbTree([{ port: "1-1", id: "1d6b:0002", address: 1 }]),
    "/sys/module/usbcore/parameters/usbfs_memory_mb": "16\n",
  });
  await configureVirtualBus([{ faults: [{ kind: "unplug", function: "libusb_open" }] }]);
  // The bus is empty from the first opening on.
  await examineLinux({ files });
  const { exitStatus, lines } = await examineLinux({ files });
  assert.equal(exitStatus, 1);
  assert.ok(lines.includes("ok       USB: /dev/bus/usb has 1 bus"), lines.join("\n"));
  assert.ok(lines.includes("ok       memory for USB transfers: 16 MiB for all devices; a camera takes 4 MiB"));
  assert.match(lines.at(-3)!, /^problem {2}cameras: no supported camera is plugged in/);
  assert.equal(lines.at(-1), "0 of 0 cameras usable");
});

test("where a camera was opened, the priority of its reader thread is told", async () => {
  const { lines } = await examineLinux({ files: fakeFiles({ "/proc/version": "Linux" }), opens: true });
  assert.match(lines.at(-3)!, /^ok {7}priority of the reader thread: (realtime|raised|usual)[,:] /);
});

test("a camera that is forbidden on Linux comes with the state of the rules", async () => {
  await configureVirtualBus([{ permission: false }]);
  const { exitStatus, lines } = await examineLinux({ files: fakeFiles({ "/proc/version": "Linux" }) });
  assert.equal(exitStatus, 1);
  assert.match(lines.at(-4)!, /^problem {2}Prophesee EVK4, EVK3 HD or EVK3 GenX320 \(bus 1, .*LIBUSB_ERROR_ACCESS/);
  assert.equal(lines.at(-3), "problem  udev rules: not installed; install-udev-rules does that");
});

test("where no file of the system may be read, that is told, and nothing is guessed", async () => {
  await configureVirtualBus([{ permission: false }]);
  const { lines } = await examineLinux({ files: fakeFiles({}) });
  assert.match(lines[3]!, /^warning {2}files of the system: they must not be read, .* --allow-all$/);
  assert.equal(lines.filter((line) => / (udev rules|USB|memory for USB transfers): /.test(line)).length, 0);
});

test("without libusb the cameras that sysfs knows are told", async () => {
  const files = fakeFiles(usbTree([
    { port: "2-1", id: "04b4:00f5", address: 7 },
    { port: "1-1", id: "1fc9:5838", address: 3 },
  ]));
  const { exitStatus, lines } = await examineLinux({ files, libusb: "/no/such/libusb.so" });
  assert.equal(exitStatus, 1);
  assert.match(lines[2]!, /^problem {2}libusb: libusb could not be loaded; tried \| \/no\/such\/libusb\.so/);
  assert.match(lines[4]!, /^ok {7}Prophesee EVK4, EVK3 HD or EVK3 GenX320: connected at 5 Gb\/s \(USB 3\), port 2-1/);
  assert.match(lines[5]!, /^warning {2}Prophesee EVK2.* not supported yet$/);
});

test("a signal ends the examination with the camera closed", async () => {
  const controller = new AbortController();
  const world = makeWorld();
  const { write } = world.stdout;
  world.stdout.write = (text) => {
    write.call(world.stdout, text);
    if (text.includes("connected at")) controller.abort(new Interrupted("SIGINT"));
  };
  const examination = { libusb: "virtual", opens: true, signal: controller.signal } as const;
  await assert.rejects(doctor(examination, false, world), Interrupted);
  assert.doesNotMatch(world.text(), /usable/);
});
