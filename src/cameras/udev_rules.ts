import type { CameraDriver } from "./driver.ts";

/**
 * The udev rules that let every user of a Linux machine open the drivers' cameras.
 *
 * The name of the file orders it before `73-seat-late.rules`. udev compares ids as text, and the kernel writes them in
 * lower case.
 */
export function formatUdevRules(drivers: readonly CameraDriver[]): string {
  const names = new Map<string, Set<string>>();
  for (const { vendorId, productId, name } of drivers.flatMap(({ usbIds }) => usbIds)) {
    const match = `ATTR{idVendor}=="${hexadecimal(vendorId)}", ATTR{idProduct}=="${hexadecimal(productId)}"`;
    names.set(match, (names.get(match) ?? new Set()).add(name));
  }
  const rules = Array.from(names, ([match, products]) =>
    `# ${[...products].join(", ")}\n` +
    `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${match}, MODE="0666"\n`);
  return [
    "# Access to event cameras for all users. Written by scripts/generate_udev_rules.ts: change the drivers instead.\n",
    ...rules,
  ].join("\n");
}

function hexadecimal(id: number): string {
  return id.toString(16).padStart(4, "0");
}
