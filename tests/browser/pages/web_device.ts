/** A page that opens cameras and records. Tests call `drivePage`. */

import { getDevices, open } from "../../../src/web/mod.ts";

const drivePage = {
  /** Opens the camera, changes it, records until the file has so many bytes, and tells all. */
  async record(bytes: number): Promise<unknown> {
    const [usbDevice] = await getDevices();
    const device = await open(usbDevice!, { type: "prophesee-evk4" });
    await device.updateConfiguration({ biases: { diffOn: 5 } });
    const recorder = device.recordTo();
    let [read, events] = [0, 0];
    for await (const { status, packet } of device) {
      read += status.bytes;
      events += packet.polarityEvents?.t.length ?? 0;
      if (recorder.statistics.bytes > bytes) break;
    }
    const temperature = await device.sensors.temperatureCelsius();
    const { file, receipt, ...result } = await recorder.stop();
    await device.close();
    const { statistics, configuration: { biases }, name, serial } = device;
    const base64 = (blob: Blob) =>
      new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve((reader.result as string).split(",")[1]!);
        reader.readAsDataURL(blob);
      });
    return {
      name,
      serial,
      diffOn: biases.diffOn,
      temperature,
      read,
      events,
      statistics,
      result,
      file: await base64(file!),
      receipt: await receipt.text(),
    };
  },
};

Object.assign(globalThis, { drivePage });
