/** What a page, or a Worker of it, does with a camera in the tests; and what it tells of that. */

import { getDevices, open, type Packet, type WebDevice } from "../../../src/web/mod.ts";
import { SequenceReader } from "../../support/sequence.ts";

/** A stream of a camera that sends its sequence. */
export interface SequenceAsked {
  /** Undefined: the camera that is there. */
  readonly serial?: string;
  /** Of the sequence, and of EVK4s. */
  readonly intervalUs: number;
  /** For how long, on the page's clock. */
  readonly forMs: number;
  /** A reader that waits so long before it begins loses what the ring does not hold. Default 0. */
  readonly idleMs?: number;
  readonly usbConfiguration?: Readonly<Record<string, number>>;
}

/** What it came to. Each event was compared with the sequence. */
export interface SequenceTold {
  readonly events: number;
  readonly bytes: number;
  readonly droppedBytes: number;
  readonly gaps: number;
  readonly packets: number;
  /** Totals of the device after it was closed. */
  readonly statistics: {
    readonly bytes: number;
    readonly droppedBytes: number;
    readonly backlogBytes: number;
    readonly transfers: number;
  };
}

/** Opens a camera that the page may use: by its serial, or the only one. */
export async function openCamera(
  serial?: string,
  usbConfiguration: Readonly<Record<string, number>> = {},
): Promise<WebDevice<"prophesee-evk4", Packet | undefined>> {
  const devices = await getDevices();
  const device = devices.find(({ serialNumber }) => serial === undefined || serialNumber === serial);
  if (device === undefined) throw new Error(`${serial} is not among ${devices.map((each) => each.serialNumber)}`);
  return await open(device, { type: "prophesee-evk4", usbConfiguration, iteratorTimeoutMs: 100 });
}

/** Reads a camera's sequence for a time, and then all that it had sent until its output was switched off. */
export async function readSequence(asked: SequenceAsked): Promise<SequenceTold> {
  const { serial, intervalUs, forMs, idleMs = 0, usbConfiguration } = asked;
  const device = await openCamera(serial, usbConfiguration);
  const reader = new SequenceReader(intervalUs);
  let packets = 0;
  try {
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    const endMs = performance.now() + forMs;
    let switchedOff: Promise<boolean> | undefined;
    let isOff = false;
    for await (const { status, packet } of device) {
      reader.take(status, packet?.polarityEvents);
      packets += 1;
      if (isOff && status.bytes === 0 && status.backlog === 0) break;
      if (performance.now() < endMs) continue;
      // The loop goes on meanwhile: what the camera sends until then has to be fetched.
      switchedOff ??= device.updateConfiguration({ output: false }).then(() => isOff = true);
    }
    await switchedOff;
  } finally {
    await device.close();
  }
  const { bytes, droppedBytes, backlogBytes, transfers } = device.statistics;
  return {
    events: reader.events,
    bytes: reader.read,
    droppedBytes: reader.dropped,
    gaps: reader.gaps,
    packets,
    statistics: { bytes, droppedBytes, backlogBytes, transfers },
  };
}
