import type { SystemFiles } from "../../../src/cli/system/files.ts";

/** Texts by path; what begins with `->` is a symbolic link to what follows. */
export type FakeTree = Readonly<Record<string, string>>;

/** Files that a test makes up; folders are those that the paths go through. Without a path, nothing may be read. */
export function fakeFiles(tree: FakeTree): SystemFiles {
  const paths = Object.keys(tree);
  return {
    read: (path) => tree[path]?.trimEnd(),
    list: (path) => {
      const folder = path.endsWith("/") ? path : `${path}/`;
      const inside = paths.filter((other) => other.startsWith(folder));
      if (inside.length === 0) return undefined;
      return [...new Set(inside.map((other) => other.slice(folder.length).split("/")[0]!))];
    },
    target: (path) => tree[path]?.startsWith("->") ? tree[path]!.slice(2) : undefined,
  };
}

/** A device of sysfs. */
export interface FakeUsbDevice {
  /** For example `"2-1.4"`. */
  readonly port: string;
  readonly id: string;
  readonly address: number;
  readonly speed?: string;
  /** The kernel's driver of its interface 0. */
  readonly driver?: string;
}

/** Sysfs and the nodes of USB devices. */
export function usbTree(devices: readonly FakeUsbDevice[]): FakeTree {
  const entries = devices.flatMap(({ port, id, address, speed = "5000", driver }) => {
    const [bus] = port.split("-");
    const folder = `/sys/bus/usb/devices/${port}`;
    const [vendor, product] = id.split(":");
    const node = [bus!, String(address)].map((number) => number.padStart(3, "0")).join("/");
    return [
      [`${folder}/idVendor`, `${vendor}\n`],
      [`${folder}/idProduct`, `${product}\n`],
      [`${folder}/busnum`, `${bus}\n`],
      [`${folder}/devnum`, `${address}\n`],
      [`${folder}/speed`, `${speed}\n`],
      [`/dev/bus/usb/${node}`, ""],
      [`${folder}:1.0/bInterfaceNumber`, "00\n"],
      ...(driver === undefined ? [] : [[`${folder}:1.0/driver`, `->../../../../bus/usb/drivers/${driver}`]]),
    ];
  });
  return Object.fromEntries(entries);
}
