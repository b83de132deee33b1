/** An EVK4 opened by the runners, with its protocols as plain functions. */

import type { OpenCamera } from "../../../src/cameras/driver.ts";
import type {
  PropheseeEvk4Changes,
  PropheseeEvk4Configuration,
  PropheseeEvk4Sensors,
} from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { driversFor } from "../../../src/cameras/cameras.ts";
import { identify } from "../../../src/devices/identify.ts";
import type { UsbHandle } from "../../../src/usb/usb_handle.ts";
import type { SyncBus } from "../../../src/protocol/bus.ts";
import { run, runSync } from "../../../src/protocol/run.ts";
import type { Settling } from "../../../src/protocol/settling.ts";

export interface OpenEvk4Options {
  readonly bus: SyncBus;
  readonly settling: Settling;
  readonly signal?: AbortSignal;
  readonly changes?: PropheseeEvk4Changes;
}

export interface OpenedEvk4 extends PropheseeEvk4Sensors {
  readonly camera: OpenCamera<PropheseeEvk4Configuration, PropheseeEvk4Changes, PropheseeEvk4Sensors>;
  update(changes: PropheseeEvk4Changes): void;
  shutdown(): void;
}

/** Claims a camera and asks who it is, as `open` does first. */
export async function identifyEvk4(camera: UsbHandle): Promise<void> {
  const device = { vendorId: 0x04b4, productId: 0x00f5, bus: 1, address: 1, open: () => camera };
  await identify(device, driversFor(device.vendorId, device.productId));
}

export async function openEvk4({ bus, settling, signal, changes }: OpenEvk4Options): Promise<OpenedEvk4> {
  const protocol = propheseeEvk4.open(propheseeEvk4.checkConfiguration(changes));
  const camera = await run(protocol, { bus, settling, signal });
  const way = { bus, settling };
  return {
    camera,
    update: (changes) => runSync(camera.update(changes), way),
    temperatureCelsius: () => runSync(camera.sensors.temperatureCelsius(), way),
    illuminance: () => runSync(camera.sensors.illuminance(), way),
    illuminanceLux: () => runSync(camera.sensors.illuminanceLux(), way),
    pixelDeadTimeUs: () => runSync(camera.sensors.pixelDeadTimeUs(), way),
    biases: () => runSync(camera.sensors.biases(), way),
    shutdown: () => runSync(camera.shutdown(), way),
  };
}
