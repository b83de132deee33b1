/** `doctor`: looks at all that a camera needs, and says what is wrong and what to do about it. */

import process from "node:process";
import { listDevices, type ListedDevice, type ReaderPriority } from "../../mod.ts";
import type { LibusbSelection } from "../types.ts";
import { loadLibusb } from "../usb/libusb.ts";
import { version } from "../version.ts";
import type { Command, World } from "./command.ts";
import { cameraFindings, unaskedFindings, unsupportedFindings } from "./doctor/camera_findings.ts";
import { type Finding, formatFinding } from "./doctor/finding.ts";
import { mayLook, priorityFinding, udevFinding, usbFindings, usbfsMemoryFindings } from "./doctor/linux_findings.ts";
import { type OpenedCamera, tryCamera } from "./doctor/open_camera.ts";
import { blindFinding, failure, libusbFinding, nativeFinding, programFinding } from "./doctor/program_findings.ts";
import { interruptible } from "./interruption.ts";
import { describeCameras, type ListedCamera } from "./list.ts";
import { readOptions } from "./options.ts";
import { realFiles, type SystemFiles } from "./system/files.ts";
import { readUsbDevices, type SysfsDevice, type UsbDeviceId } from "./system/usb_devices.ts";

/** The command. */
export const doctorCommand: Command = {
  name: "doctor",
  summary: "find out why a camera does not work",
  help: `Looks at all that a camera needs: the native library, libusb, the USB link,
permissions, drivers, memory for transfers, priority. Each finding is one line:
ok, warning or problem, with what to do about it. Each camera is opened, which
takes some seconds, until its first bytes have come.

  --no-open    do not open cameras; they count as usable where they could be
  --json       print one object with all findings and cameras
  --virtual    examine the virtual camera

Exit status: 0 if at least one camera is usable, 1 if none is.`,
  needsNativeCode: true,
  parse(parameters) {
    const options = readOptions(parameters, {
      "no-open": { type: "boolean" },
      json: { type: "boolean" },
      virtual: { type: "boolean" },
    });
    const examination = { opens: !options["no-open"], libusb: options.virtual ? "virtual" : "system" } as const;
    return (world) => interruptible((signal) => doctor({ ...examination, signal }, options.json === true, world));
  },
};

/** What to examine. */
export interface Examination {
  readonly libusb: LibusbSelection;
  /** Whether cameras are opened. */
  readonly opens: boolean;
  readonly signal: AbortSignal;
  /** As in `process.platform`; this system's by default. */
  readonly platform?: string;
  /** Files of the system; this one's by default. */
  readonly files?: SystemFiles;
}

/** A camera as `doctor --json` tells of it. */
export interface ExaminedCamera extends ListedCamera {
  /** The kernel's drivers of its interfaces; `"usbfs"` stands for a program that uses it. Empty beside Linux. */
  readonly drivers: readonly string[];
  /** Null where it was not opened. */
  readonly firmware: {
    readonly version: string | null;
    readonly buildDate: string | null;
    readonly warning: string | null;
  } | null;
  readonly usable: boolean;
}

/** Prints the findings and returns the exit status. */
export async function doctor(examination: Examination, json: boolean, { output }: World): Promise<number> {
  const findings: Finding[] = [];
  const cameras: ExaminedCamera[] = [];
  for await (const step of examine(examination)) {
    for (const finding of step.findings) {
      findings.push(finding);
      if (!json) output.print(formatFinding(finding));
    }
    if (step.camera !== undefined) cameras.push(step.camera);
  }
  const usable = cameras.filter((camera) => camera.usable).length;
  if (json) output.print(JSON.stringify({ version, usable: usable > 0, findings, cameras }, undefined, 2));
  else output.print(`\n${usable} of ${cameras.length} ${cameras.length === 1 ? "camera" : "cameras"} usable`);
  return usable > 0 ? 0 : 1;
}

/** What one step of an examination has found. */
interface Step {
  readonly findings: readonly Finding[];
  readonly camera?: ExaminedCamera;
}

async function* examine(examination: Examination): AsyncGenerator<Step> {
  const { libusb } = examination;
  const files = linuxFiles(examination);
  const usbDevices = files === undefined ? [] : readUsbDevices(files);
  yield { findings: [programFinding()] };
  const native = await nativeFinding();
  yield { findings: [native.finding] };
  const library = native.isLoaded ? await libusbFinding(libusb) : undefined;
  if (library !== undefined) yield { findings: [library.finding] };
  if (files !== undefined) yield { findings: mayLook(files) ? usbFindings(files) : [blindFinding] };
  if (library?.isLoaded === true) yield* examineCameras(examination, usbDevices);
  else yield { findings: [...unaskedFindings(usbDevices), ...unsupportedFindings(usbDevices)] };
}

/** The files that tell of cameras; undefined where there are none, as of the virtual camera. */
function linuxFiles({ libusb, platform = process.platform, files = realFiles }: Examination): SystemFiles | undefined {
  return platform === "linux" && libusb !== "virtual" ? files : undefined;
}

/** The cameras, by libusb. */
async function* examineCameras(
  examination: Examination,
  usbDevices: readonly SysfsDevice[],
): AsyncGenerator<Step> {
  const { libusb, opens, signal } = examination;
  const files = linuxFiles(examination);
  let all: readonly UsbDeviceId[];
  let listed: readonly ListedDevice[];
  try {
    all = await readBus(libusb);
    listed = await listDevices({ libusb });
  } catch (error) {
    yield { findings: [failure("USB", error)] };
    return;
  }
  if (files !== undefined) yield { findings: usbfsMemoryFindings(files, listed.length) };
  if (listed.length === 0) yield { findings: [noCamera] };
  let readerPriority: ReaderPriority | undefined;
  for (const device of listed) {
    yield { findings: cameraFindings(device, usbDevices, files) };
    const opened = opens && device.error === undefined ? await tryCamera(device, { libusb, signal }) : undefined;
    readerPriority ??= opened?.readerPriority;
    yield { findings: opened === undefined ? [] : [opened.finding], camera: examined(device, usbDevices, opened) };
  }
  if (files !== undefined && readerPriority !== undefined) yield { findings: [priorityFinding(files, readerPriority)] };
  const isForbidden = listed.some(({ error }) => error?.code === "permission-denied");
  if (files !== undefined && mayLook(files) && isForbidden) yield { findings: [udevFinding(files)] };
  yield { findings: unsupportedFindings(all) };
}

const noCamera: Finding = {
  status: "problem",
  subject: "cameras",
  message: "no supported camera is plugged in; look at its light, and try another cable and another port",
};

/** All devices on the bus, without opening one. */
async function readBus(libusb: LibusbSelection): Promise<UsbDeviceId[]> {
  const context = (await loadLibusb(libusb)).createContext();
  try {
    return context.devices().map(({ vendorId, productId, bus, address, speed }) => {
      return { vendorId, productId, bus, address, speed };
    });
  } finally {
    context.close();
  }
}

function examined(
  device: ListedDevice,
  usbDevices: readonly SysfsDevice[],
  opened: OpenedCamera | undefined,
): ExaminedCamera {
  const [camera] = describeCameras([device], usbDevices);
  const { firmware } = opened ?? {};
  return {
    ...camera!,
    drivers: usbDevices.find(({ port }) => port === camera!.port)?.drivers ?? [],
    firmware: firmware === undefined ? null : {
      version: firmware.version ?? null,
      buildDate: firmware.buildDate?.toISOString() ?? null,
      warning: firmware.warning ?? null,
    },
    usable: opened === undefined ? device.error === undefined : opened.isUsable,
  };
}
