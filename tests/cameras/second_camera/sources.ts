/** What a second camera adds to the library, and a program that uses both: texts, as they exist in the test's copy only. */

/** `src/cameras/made_up/usb_ids.ts`: all ids of the EVK4. */
export const idsSource = `
import { propheseeEvk4Ids } from "../prophesee_evk4/usb_ids.ts";

export const madeUpIds = propheseeEvk4Ids.map((id) => ({ ...id, name: "Made-up Camera" }));
`;

/** `src/cameras/made_up/driver.ts`: tells itself by its serial. */
export const driverSource = `
import type { Protocol } from "../../protocol/exchange.ts";
import type { CameraDriver, OpenCamera } from "../driver.ts";
import { propheseeEvk4 } from "../prophesee_evk4/driver.ts";

/** All that can be configured. */
export interface MadeUpConfiguration {
  /** Any number. */
  readonly gain: number;
}

/** Names all of it: so what fits the EVK4 alone does not compile for a camera of any type. */
export type MadeUpChanges = MadeUpConfiguration;

/** What it measures. */
export interface MadeUpSensors {
  /** How humid it is, in percent. */
  humidityPercent(): number;
}

export const madeUp: CameraDriver<MadeUpConfiguration, MadeUpChanges, MadeUpSensors> = {
  ...propheseeEvk4,
  type: "made-up",
  *identify() {
    const identity = yield* propheseeEvk4.identify();
    if (!identity.isOurs || identity.serial.startsWith("0E")) return identity;
    return { isOurs: false, said: "a serial that does not begin with 0E" };
  },
  checkConfiguration(changes, base = { gain: 1 }) {
    const { gain = base.gain } = (changes ?? {}) as Partial<MadeUpChanges>;
    if (typeof gain !== "number") throw new TypeError("configuration.gain must be a number");
    return { gain };
  },
  *open(configuration) {
    return madeUpCamera(yield* propheseeEvk4.open(propheseeEvk4.checkConfiguration(undefined)), configuration);
  },
};

function madeUpCamera(
  evk4: OpenCamera,
  opened: MadeUpConfiguration,
): OpenCamera<MadeUpConfiguration, MadeUpChanges, MadeUpSensors> {
  let configuration = opened;
  return {
    serial: evk4.serial,
    firmware: evk4.firmware,
    properties: { sensor: "made up", width: 1280, height: 720 },
    eventFormat: evk4.eventFormat,
    get configuration() {
      return configuration;
    },
    // deno-lint-ignore require-yield
    *update(changes): Protocol {
      configuration = madeUp.checkConfiguration(changes, configuration);
    },
    sensors: {
      // deno-lint-ignore require-yield
      *humidityPercent(): Protocol<number> {
        return 40 + configuration.gain;
      },
    },
    shutdown: () => evk4.shutdown(),
  };
}
`;

/** `src/cameras/made_up/public.ts`: a sensor's types come with each of its cameras, so also twice. */
export const publicSource = `
export type { MadeUpChanges, MadeUpConfiguration, MadeUpSensors } from "./driver.ts";
export type { Imx636Sensors } from "../imx636/monitors.ts";
`;

/** A line that a file of the library gets, and before which other one. */
export interface AddedLine {
  readonly file: string;
  readonly before: string;
  readonly line: string;
}

const table = "src/cameras/cameras.ts";

/** All that changes in files that are there already: the table of cameras, and what `mod.ts` publishes. */
export const addedLines: readonly AddedLine[] = [
  {
    file: table,
    before: `import { propheseeEvk4Ids } from`,
    line: `import type { MadeUpChanges, MadeUpConfiguration, MadeUpSensors } from "./made_up/driver.ts";
import { madeUpIds } from "./made_up/usb_ids.ts";`,
  },
  {
    file: table,
    before: `  "prophesee-evk4": {
    usbIds`,
    line: `  "made-up": {
    usbIds: madeUpIds,
    loadDriver: async () => (await import("./made_up/driver.ts")).madeUp,
  },`,
  },
  {
    file: table,
    before: `  /** Prophesee EVK4, `,
    line: `  /** Exists in a test. */
  "made-up": {
    /** The complete configuration. */
    readonly configuration: MadeUpConfiguration;
    /** All of it, too. */
    readonly changes: MadeUpChanges;
    /** What \`device.sensors\` has. */
    readonly sensors: MadeUpSensors;
  };`,
  },
  {
    file: "mod.ts",
    before: `export type * from "./src/cameras/prophesee_evk4/public.ts";`,
    line: `export type * from "./src/cameras/made_up/public.ts";`,
  },
];

/** Prints one line of JSON: what list, devices and errors call the two cameras. */
export const programSource = `
import { configureVirtualBus, listDevices, open } from "./mod.ts";

const libusb = "virtual";
await configureVirtualBus([{ serial: "0E000001" }, { serial: "00050ABC" }, { model: "silkyevcam-hd", serial: "00050ABD" }]);

/** The message of what a function throws. */
async function failure(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

const listed = (await listDevices({ libusb })).map(({ name, type, serial }) => [name, type, serial]);
const madeUp = await open({ libusb, type: "made-up", configuration: { gain: 2 } });
const busy = (await listDevices({ libusb })).map(({ name, type, error }) => [name, type, error?.code]);
const evk4 = await open({ libusb, type: "prophesee-evk4", configuration: { biases: { diffOn: 10 } } });
const silky = await open({ libusb, serial: "00050ABD" });
madeUp.updateConfiguration({ gain: 3 });
const devices = [madeUp, evk4, silky].map(({ name, type, serial, properties }) => [name, type, serial, properties.sensor]);
const configurations = [madeUp.configuration.gain, evk4.configuration.biases.diffOn];
const sensors = [madeUp.sensors.humidityPercent(), "humidityPercent" in evk4.sensors];
const first = await madeUp[Symbol.asyncIterator]().next();
const events = first.done !== true;
for (const device of [madeUp, evk4, silky]) device.close();
const closed = [await failure(() => madeUp.updateConfiguration({ gain: 4 })), await failure(() => madeUp.sensors.humidityPercent())];
const wrong = [
  await failure(() => open({ libusb, type: "made-up", configuration: { gain: "much" as unknown as number } })),
  await failure(() => open({ libusb, type: "prophesee-evk4", serial: "0E000001" })),
  await failure(() => open({ libusb, configuration: { gain: 2 } } as never)),
];
console.log(JSON.stringify({ listed, busy, devices, configurations, sensors, events, closed, wrong }));
`;

/** What must and must not compile. */
export const typesSource = `
import { type Device, type MadeUpConfiguration, open, type Packet } from "./mod.ts";

const any = await open();
// @ts-expect-error a camera of any type may have no thermometer
any.sensors.temperatureCelsius();
// @ts-expect-error and not these biases
any.updateConfiguration({ biases: { diffOn: 10 } });
if (any.type === "made-up") any.updateConfiguration({ gain: 2 });
if (any.type === "prophesee-evk4") any.updateConfiguration({ biases: { diffOn: 10 } });
if ("humidityPercent" in any.sensors) any.sensors.humidityPercent().toFixed();
for await (const { packet } of any) packet.polarityEvents?.t.length.toFixed();
const configuration: MadeUpConfiguration = { gain: 2 };
const madeUp: Device<"made-up", Packet> = await open({ type: "made-up", configuration });
const device: Device = madeUp;
device.type satisfies "made-up" | "prophesee-evk4";
// @ts-expect-error the other camera's configuration
await open({ type: "made-up", configuration: { biases: { diffOn: 10 } } });
// @ts-expect-error a configuration needs to know whose it is
await open({ configuration: { gain: 2 } });
// @ts-expect-error there is no such camera
await open({ type: "made-down" });
// @ts-expect-error has no thermometer
madeUp.sensors.temperatureCelsius();
`;
