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

/** What a rule says for users who are not at the machine, in place of `TAG+="uaccess", MODE="0660"`. */
export const modeForEverybody = 'MODE="0666"';

/**
 * The udev rules that let the users who sit at a Linux machine open the cameras with these ids. udev/README.md tells
 * who that is, and what to do for others.
 *
 * udev compares ids as text, and the kernel writes them in lower case.
 */
export function formatUdevRules(ids: readonly (UdevId & { readonly name: string })[]): string {
  const names = new Map<string, Set<string>>();
  for (const id of ids) {
    const rule = udevRule(id);
    names.set(rule, (names.get(rule) ?? new Set()).add(id.name));
  }
  const rules = Array.from(names, ([rule, products]) => `# ${[...products].join(", ")}\n${rule}\n`);
  return [
    "# Access to event cameras for the users who sit at the machine; udev/README.md tells what to do for others.\n" +
    "# Written by scripts/generate_udev_rules.ts: change the drivers instead.\n",
    ...rules,
  ].join("\n");
}

/** The rule for one id, on one line. */
export function udevRule({ vendorId, productId }: UdevId): string {
  const match = `ATTR{idVendor}=="${hexadecimal(vendorId)}", ATTR{idProduct}=="${hexadecimal(productId)}"`;
  return `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${match}, TAG+="uaccess", MODE="0660"`;
}

function hexadecimal(id: number): string {
  return id.toString(16).padStart(4, "0");
}
