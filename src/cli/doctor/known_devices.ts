/**
 * Event cameras that this library knows by their ids and does not support, and boards without firmware. A camera that
 * gets a driver leaves this table.
 */

/** A device by its ids. */
export interface KnownDevice {
  readonly vendorId: number;
  /** Several where the vendor gave one kind of device more than one. */
  readonly productIds: readonly number[];
  readonly name: string;
  /** What else is to be said of it. */
  readonly note?: string;
}

/** The note on a Cypress FX3 whose own boot loader answers. */
const noFirmware = "a board without firmware, so that its USB controller's boot loader answers: unplug it for some " +
  "seconds; if it stays so, load its firmware with the maker's updater";

/** The table. Each line has its source. */
export const knownDevices: readonly KnownDevice[] = [
  // OpenEB 5.1.1, tz_libusb_board_command.cpp and its firmware updater.
  { vendorId: 0x04b4, productIds: [0x00f3, 0x4720], name: "Prophesee EVK3 or EVK4", note: noFirmware },
  // OpenEB 5.1.1, tz_libusb_board_command.cpp: EVK2, RDK2.
  { vendorId: 0x1fc9, productIds: [0x5838], name: "Prophesee EVK2 or RDK2, or an older board" },
  // libcaer 3.3.15 and jAER 3.3, by their tables of devices.
  { vendorId: 0x152a, productIds: [0x8400], name: "iniVation DVS128" },
  { vendorId: 0x152a, productIds: [0x841b], name: "iniVation DAVIS with an FX2" },
  // neuromorphic-drivers 0.18.1 and libcaer 3.3.15.
  { vendorId: 0x152a, productIds: [0x841a], name: "iniVation DAVIS346, or another DAVIS with an FX3" },
  // The high byte of bcdDevice tells the Mini and the Micro (4) from the DVXplorer (3): dv-processing 2.0.4.
  { vendorId: 0x152a, productIds: [0x8419], name: "iniVation DVXplorer, DVXplorer Mini or DVXplorer Micro" },
];

/**
 * Cameras without a driver that have the ids of one with a driver, which asks them who they are: OpenEB 5.1.1
 * (tz_libusb_board_command.cpp).
 */
const namesakes: readonly KnownDevice[] = [
  { vendorId: 0x03fd, productIds: [0x5832], name: "Prophesee EVK2 or RDK2, or an older board" },
  { vendorId: 0x04b4, productIds: [0x00f4, 0x00f5], name: "Prophesee EVK3 (Gen3.1)" },
];

/** The camera without a driver that shares these ids; undefined where none does. */
export function namesakeOf(vendorId: number, productId: number): KnownDevice | undefined {
  return find(namesakes, vendorId, productId);
}

/** What is known of a device with these ids; undefined where it is nothing that the table knows. */
export function knownDevice(vendorId: number, productId: number): KnownDevice | undefined {
  return find(knownDevices, vendorId, productId);
}

function find(devices: readonly KnownDevice[], vendorId: number, productId: number): KnownDevice | undefined {
  return devices.find((known) => known.vendorId === vendorId && known.productIds.includes(productId));
}
