/** A device as udev tells it apart. */
export interface UdevId {
  readonly vendorId: number;
  readonly productId: number;
}

/**
 * The udev rules that let every user of a Linux machine open the cameras with these ids.
 *
 * The name of the file orders it before `73-seat-late.rules`. udev compares ids as text, and the kernel writes them in
 * lower case.
 */
export function formatUdevRules(ids: readonly (UdevId & { readonly name: string })[]): string {
  const names = new Map<string, Set<string>>();
  for (const id of ids) {
    const rule = udevRule(id);
    names.set(rule, (names.get(rule) ?? new Set()).add(id.name));
  }
  const rules = Array.from(names, ([rule, products]) => `# ${[...products].join(", ")}\n${rule}\n`);
  return [
    "# Access to event cameras for all users. Written by scripts/generate_udev_rules.ts: change the drivers instead.\n",
    ...rules,
  ].join("\n");
}

/** The rule for one id, on one line. */
export function udevRule({ vendorId, productId }: UdevId): string {
  const match = `ATTR{idVendor}=="${hexadecimal(vendorId)}", ATTR{idProduct}=="${hexadecimal(productId)}"`;
  return `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${match}, MODE="0666"`;
}

function hexadecimal(id: number): string {
  return id.toString(16).padStart(4, "0");
}
