/** A device as udev tells it apart. */
export interface UdevId {
  readonly vendorId: number;
  readonly productId: number;
}

/**
 * The file of rules, whose number orders it: after `50-udev-default.rules`, which sets the mode of all USB devices, and
 * before `73-seat-late.rules`, which gives what is tagged `uaccess` to the users at the machine.
 */
export const udevRulesFile = "65-neuromorphic-drivers.rules";

/** Where an administrator's rules are. */
export const udevRulesFolder = "/etc/udev/rules.d";

/** Who may open the cameras: the users who sit at the machine, or every user and service. */
export type UdevAccess = "seat" | "everybody";

const assignments: Readonly<Record<UdevAccess, string>> = {
  seat: 'TAG+="uaccess", MODE="0660"',
  everybody: 'MODE="0666"',
};

/** What a rule says for users who are not at the machine, in place of the tag and the mode. */
export const modeForEverybody = assignments.everybody;

/** What makes the system read its rules again, as root. */
export const reloadUdevRules = ["udevadm", "control", "--reload-rules"] as const;

/**
 * The udev rules that let users of a Linux machine open the cameras with these ids. udev/README.md tells who sits at a
 * machine, and what to do for others.
 *
 * udev compares ids as text, and the kernel writes them in lower case.
 */
export function formatUdevRules(
  ids: readonly (UdevId & { readonly name: string })[],
  access: UdevAccess = "seat",
): string {
  const names = new Map<string, Set<string>>();
  for (const id of ids) {
    const rule = udevRule(id, access);
    names.set(rule, (names.get(rule) ?? new Set()).add(id.name));
  }
  const rules = Array.from(names, ([rule, products]) => `# ${[...products].join(", ")}\n${rule}\n`);
  return [`# ${subjects[access]}\n# Generated from the drivers' ids.\n`, ...rules].join("\n");
}

const subjects: Readonly<Record<UdevAccess, string>> = {
  seat:
    "Access to event cameras for the users who sit at the machine; for others see udev/README.md,\n# or use `neuromorphic-drivers install-udev-rules --everybody`.",
  everybody: "Access to event cameras for every user and every service of the machine.",
};

/** The rule for one id, on one line. */
export function udevRule({ vendorId, productId }: UdevId, access: UdevAccess = "seat"): string {
  const match = `ATTR{idVendor}=="${hexadecimal(vendorId)}", ATTR{idProduct}=="${hexadecimal(productId)}"`;
  return `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${match}, ${assignments[access]}`;
}

function hexadecimal(id: number): string {
  return id.toString(16).padStart(4, "0");
}
