/** What Linux needs: nodes of USB devices, rules for permissions, memory for transfers, priority. */

import type { ReaderPriority } from "../../../mod.ts";
import { cameras } from "../../cameras/cameras.ts";
import { defaultUsbConfiguration } from "../../stream/usb_configuration.ts";
import { parseUsbfsLimit, usbfsLimitPath } from "../../stream/usbfs_limit.ts";
import { containerSees } from "../../usb/open_error.ts";
import { formatUdevRules, udevRulesFile, udevRulesFolder } from "../../usb/udev_rules.ts";
import type { SystemFiles } from "../system/files.ts";
import type { Finding } from "./finding.ts";

/** Whether anything can be known: a folder that is there on each Linux may be read. */
export function mayLook(files: SystemFiles): boolean {
  return files.list("/") !== undefined;
}

/** Where the nodes of USB devices are, if there are any. */
export function usbFindings(files: SystemFiles): Finding[] {
  const subject = "USB";
  const nodes = files.list("/dev/bus/usb");
  if (nodes !== undefined) {
    return [{
      status: "ok",
      subject,
      message: `/dev/bus/usb has ${nodes.length} ${nodes.length === 1 ? "bus" : "buses"}`,
    }];
  }
  const message = "this system has no USB devices: /dev/bus/usb is missing";
  return [{ status: "problem", subject, message: `${message}. ${remedyWithoutUsb(files)}` }];
}

function remedyWithoutUsb(files: SystemFiles): string {
  if (isContainer(files)) return `It is a container: ${containerSees}`;
  if (/microsoft/i.test(files.read("/proc/version") ?? "")) {
    return "It is a Linux inside Windows (WSL): attach the camera to it with usbipd (https://github.com/dorssel/usbipd-win)";
  }
  return `In a virtual machine, give it a USB 3 controller and the camera; where this is a container, ${containerSees}`;
}

/** Docker, Podman, and what systemd and LXC say of themselves. */
function isContainer(files: SystemFiles): boolean {
  return files.read("/.dockerenv") !== undefined || files.read("/run/.containerenv") !== undefined ||
    files.read("/run/systemd/container") !== undefined;
}

/** Whether the rules are in place; to be looked at where a camera is forbidden. */
export function udevFinding(files: SystemFiles): Finding {
  const subject = "udev rules";
  const ids = Object.values(cameras).flatMap(({ usbIds }) => usbIds);
  const folders = [udevRulesFolder, "/run/udev/rules.d", "/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d"];
  for (const path of folders.map((folder) => `${folder}/${udevRulesFile}`)) {
    const text = files.read(path);
    if (text === undefined) continue;
    const isSeat = text === formatUdevRules(ids).trimEnd();
    if (!isSeat && text !== formatUdevRules(ids, "everybody").trimEnd()) {
      return {
        status: "warning",
        subject,
        message: `${path} has other rules than install-udev-rules writes: use that again`,
      };
    }
    const remedy = "plug the camera in again";
    const message = isSeat ? `${remedy}. Users who log in over SSH need install-udev-rules --everybody` : remedy;
    return { status: "warning", subject, message: `${path} is there, and does not work yet: ${message}` };
  }
  return { status: "problem", subject, message: "not installed; install-udev-rules does that" };
}

/** Whether Linux grants the memory that the transfers of these cameras take. */
export function usbfsMemoryFindings(files: SystemFiles, cameras: number): Finding[] {
  const subject = "memory for USB transfers";
  const text = files.read(usbfsLimitPath);
  if (text === undefined) return [];
  const { bufferBytes, transferQueueLength } = defaultUsbConfiguration;
  const needed = bufferBytes * transferQueueLength * Math.max(1, cameras);
  const limit = parseUsbfsLimit(text);
  const need = `${describeCount(cameras)} ${inMebibytes(needed)}`;
  if (limit === undefined) return [{ status: "ok", subject, message: `no limit; ${need}` }];
  if (needed <= limit) return [{ status: "ok", subject, message: `${inMebibytes(limit)} for all devices; ${need}` }];
  return [{
    status: "warning",
    subject,
    message: `${inMebibytes(limit)} for all devices, but ${need}. ` +
      `Raise it: echo ${Math.ceil(2 * needed / 2 ** 20)} | sudo tee ${usbfsLimitPath}`,
  }];
}

function describeCount(cameras: number): string {
  return cameras <= 1 ? "a camera takes" : `${cameras} cameras take`;
}

function inMebibytes(bytes: number): string {
  return `${bytes / 2 ** 20} MiB`;
}

/** Whether the thread that receives transfers comes before other programs, which takes a right. */
export function priorityFinding(files: SystemFiles, priority: ReaderPriority): Finding {
  const subject = "priority of the reader thread";
  if (priority !== "usual") {
    return { status: "ok", subject, message: `${priority}, so that it comes before other programs` };
  }
  const remedy = isContainer(files)
    ? "run the container with --ulimit rtprio=1"
    : `echo "$USER - rtprio 1" | sudo tee ${limitsFile}, and log in again (a service of systemd: LimitRTPRIO=1)`;
  const message = "usual: while other programs take all processors, a camera may lose data";
  return { status: "ok", subject, message: `${message}. To let it come first: ${remedy}` };
}

const limitsFile = "/etc/security/limits.d/65-neuromorphic-drivers.conf";
