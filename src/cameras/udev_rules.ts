import type { CameraDriver } from "./driver.ts";

/**
 * The udev rules that let every user of a Linux machine open the drivers' cameras.
 *
 * The name of the file orders it before `73-seat-late.rules`. udev compares ids as text, and the kernel writes them in
 * lower case.
 */
export function formatUdevRules(drivers: readonly CameraDriver[]): string {
  const rules = drivers.flatMap(({ usbIds }) => usbIds).map(({ vendorId, productId, name }) =>
    `# ${name}\n` +
    `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="${hexadecimal(vendorId)}", ` +
    `ATTR{idProduct}=="${hexadecimal(productId)}", MODE="0666"\n`
  );
  return [
    "# Access to event cameras for all users. Written by scripts/generate_udev_rules.ts: change the registry instead.\n",
    ...rules,
  ].join("\n");
}

function hexadecimal(id: number): string {
  return id.toString(16).padStart(4, "0");
}
