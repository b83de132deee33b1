/** Streams until libusb's event handling fails for good, and tells what came of it. */

import { configureVirtualBus, describeVirtualBus, listDevices, NeuromorphicError, open } from "../../mod.ts";

await configureVirtualBus([{
  source: { kind: "pattern" },
  bytesPerSecond: 20e6,
  faults: [{ kind: "error", function: "libusb_handle_events_timeout_completed", after: 50, times: 0, code: -99 }],
}]);
const device = await open({ libusb: "virtual", raw: true });
let code = "none";
try {
  for await (const _ of device);
} catch (error) {
  code = (error as NeuromorphicError).code;
}
const { handles, claims, cameras } = await describeVirtualBus();
const [listed] = await listDevices({ libusb: "virtual" });
console.log(JSON.stringify({
  code,
  closed: device.closed,
  handles,
  claims,
  streaming: cameras[0]!.streaming,
  listed: listed?.serial,
}));
