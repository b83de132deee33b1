/** Types of devices by their camera. The program never runs this: checking its types is the test. */

import {
  type CameraType,
  type Device,
  open,
  type OpenOptions,
  type Packet,
  type PropheseeEvk4Sensors,
} from "../../mod.ts";

declare const options: OpenOptions;

const any: Device = await open();
any.type satisfies CameraType;
if (any.type === "prophesee-evk4") any.updateConfiguration({ biases: { diffOn: 10 } });
const evk4: Device<"prophesee-evk4", Packet> = await open({ type: "prophesee-evk4", configuration: { output: false } });
evk4.sensors satisfies PropheseeEvk4Sensors;
evk4.configuration.biases.diffOn.toFixed();
const raw: Device<CameraType, Uint8Array> = await open({ raw: true });
for await (const { packet } of raw) packet.subarray(0, 2);
(await open(options)).name.trim();

// @ts-expect-error a configuration needs to know whose it is
await open({ configuration: { biases: { diffOn: 10 } } });
// @ts-expect-error there is no such camera
await open({ type: "prophesee-evk5" });
// @ts-expect-error the configuration has no such name
await open({ type: "prophesee-evk4", configuration: { bias: { diffOn: 10 } } });
// @ts-expect-error the camera has no such sensor
evk4.sensors.humidityPercent();
