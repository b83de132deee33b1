/** The table of cameras. A new camera adds its lines here and one to `mod.ts`; `README.md` of this folder says how. */

import type {
  CenturyarksVgaChanges,
  CenturyarksVgaConfiguration,
  CenturyarksVgaSensors,
} from "./centuryarks_vga/configuration.ts";
import { centuryarksVgaIds } from "./centuryarks_vga/usb_ids.ts";
import type { CameraDriver, UsbId } from "./driver.ts";
import type {
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Sensors,
} from "./prophesee_evk3_genx320/configuration.ts";
import { propheseeEvk3Genx320Ids } from "./prophesee_evk3_genx320/usb_ids.ts";
import type {
  PropheseeEvk3HdChanges,
  PropheseeEvk3HdConfiguration,
  PropheseeEvk3HdSensors,
} from "./prophesee_evk3_hd/configuration.ts";
import { propheseeEvk3HdIds } from "./prophesee_evk3_hd/usb_ids.ts";
import type {
  PropheseeEvk4Changes,
  PropheseeEvk4Configuration,
  PropheseeEvk4Sensors,
} from "./prophesee_evk4/configuration.ts";
import { propheseeEvk4Ids } from "./prophesee_evk4/usb_ids.ts";

/** What belongs to each type of camera: its configuration, what may change of it, and what else it measures. */
export interface Cameras {
  /** Prophesee EVK4, CenturyArks SilkyEvCam HD and HD Lite, IDS uEye XCP-E and XLS-E. */
  "prophesee-evk4": {
    /** The complete configuration. */
    readonly configuration: PropheseeEvk4Configuration;
    /** Parts of it: what `open` and `updateConfiguration` take. */
    readonly changes: PropheseeEvk4Changes;
    /** What `device.sensors` has. */
    readonly sensors: PropheseeEvk4Sensors;
  };
  /** Prophesee EVK3 HD: an EVK3 with a Gen4.1 sensor. */
  "prophesee-evk3-hd": {
    /** The complete configuration. */
    readonly configuration: PropheseeEvk3HdConfiguration;
    /** Parts of it: what `open` and `updateConfiguration` take. */
    readonly changes: PropheseeEvk3HdChanges;
    /** What `device.sensors` has. */
    readonly sensors: PropheseeEvk3HdSensors;
  };
  /** CenturyArks SilkyEvCam VGA, Prophesee EVK3 with a Gen3.1. */
  "centuryarks-vga": {
    /** The complete configuration. */
    readonly configuration: CenturyarksVgaConfiguration;
    /** Parts of it: what `open` and `updateConfiguration` take. */
    readonly changes: CenturyarksVgaChanges;
    /** What `device.sensors` has. */
    readonly sensors: CenturyarksVgaSensors;
  };
  /** Prophesee EVK3 with a GenX320. */
  "prophesee-evk3-genx320": {
    /** The complete configuration. */
    readonly configuration: PropheseeEvk3Genx320Configuration;
    /** Parts of it: what `open` and `updateConfiguration` take. */
    readonly changes: PropheseeEvk3Genx320Changes;
    /** What `device.sensors` has. */
    readonly sensors: PropheseeEvk3Genx320Sensors;
  };
}

/** The name of a type of camera for programs, for example `"prophesee-evk4"`. */
export type CameraType = keyof Cameras;

/** The driver of a type of camera. */
export type DriverOf<Type extends CameraType> = CameraDriver<
  Cameras[Type]["configuration"],
  Cameras[Type]["changes"],
  Cameras[Type]["sensors"],
  unknown
>;

/** What the table has of a type of camera: which devices may be one, and where its driver is. */
export interface CameraEntry<Driver = CameraDriver> {
  /** The ids under which such a camera may answer. Other cameras may share them: its driver asks. */
  readonly usbIds: readonly UsbId[];
  /** Loads the driver, which nothing else needs: for a device with such an id, or for a configuration. */
  loadDriver(): Promise<Driver>;
}

/** The cameras by their type. Where cameras share ids, they are asked in this order. */
export const cameras: { readonly [Type in CameraType]: CameraEntry<DriverOf<Type>> } = {
  "prophesee-evk4": {
    usbIds: propheseeEvk4Ids,
    loadDriver: async () => (await import("./prophesee_evk4/driver.ts")).propheseeEvk4,
  },
  "prophesee-evk3-hd": {
    usbIds: propheseeEvk3HdIds,
    loadDriver: async () => (await import("./prophesee_evk3_hd/driver.ts")).propheseeEvk3Hd,
  },
  "centuryarks-vga": {
    usbIds: centuryarksVgaIds,
    loadDriver: async () => (await import("./centuryarks_vga/driver.ts")).centuryarksVga,
  },
  "prophesee-evk3-genx320": {
    usbIds: propheseeEvk3Genx320Ids,
    loadDriver: async () => (await import("./prophesee_evk3_genx320/driver.ts")).propheseeEvk3Genx320,
  },
};

/** Names of the types of cameras. */
export const cameraTypes = Object.keys(cameras) as readonly CameraType[];

/** A driver that may fit a device, and the product that has the device's ids. */
export interface DriverCandidate {
  readonly type: CameraType;
  readonly usbId: UsbId;
  loadDriver(): Promise<CameraDriver>;
}

/** A vendor and product id under which cameras of a type answer, for example that of a maker who sells their board. */
export interface CameraUsbId {
  /** Vendor id of USB, from 0 to 0xFFFF. */
  readonly vendorId: number;
  /** Product id of USB, from 0 to 0xFFFF. */
  readonly productId: number;
  /** Type of the cameras, for example `"prophesee-evk4"`. */
  readonly type: CameraType;
}

/**
 * The drivers for a vendor and product id, by their own ids and by those that are given: several where boards share
 * them, and then the camera's answer decides.
 */
export function driversFor(
  vendorId: number,
  productId: number,
  given: readonly CameraUsbId[] = [],
): DriverCandidate[] {
  const isHere = (id: Pick<UsbId, "vendorId" | "productId">) => id.vendorId === vendorId && id.productId === productId;
  return cameraTypes.flatMap((type) => {
    const { usbIds, loadDriver } = cameras[type] as CameraEntry;
    const usbId = usbIds.find(isHere) ?? given.filter((id) => id.type === type).filter(isHere).map(nameless)[0];
    return usbId === undefined ? [] : [{ type, usbId, loadDriver }];
  });
}

/** An id without a product that it is known for: `"camera 1234:abcd"`. */
function nameless({ vendorId, productId }: CameraUsbId): UsbId {
  const [vendor, product] = [vendorId, productId].map((id) => id.toString(16).padStart(4, "0"));
  return { vendorId, productId, name: `camera ${vendor}:${product}` };
}
