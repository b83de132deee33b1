/** The events that the virtual camera sends first, by its configuration: the same at each opening. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  configureVirtualBus,
  describeVirtualBus,
  type Device,
  open,
  type Packet,
  type PropheseeEvk4Changes,
  type VirtualSource,
} from "../../mod.ts";

export interface Event {
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly on: number;
}

/** So slow that a camera which is not served for two seconds loses nothing. */
const bytesPerSecond = 2e6;

export async function openCamera(
  configuration: PropheseeEvk4Changes,
  source?: VirtualSource,
): Promise<Device<"prophesee-evk4", Packet>> {
  const isScene = source === undefined || source.kind === "scene";
  await configureVirtualBus([isScene ? { source, bytesPerSecond } : { source }]);
  return await open({ libusb: "virtual", type: "prophesee-evk4", configuration });
}

/** The events of one packet after the other. */
export async function* batches(device: Device<"prophesee-evk4", Packet>): AsyncGenerator<Event[]> {
  for await (const { status, packet } of device) {
    assert.equal(status.droppedBytes, 0);
    if (packet.polarityEvents === undefined) continue;
    const { t, x, y, on } = packet.polarityEvents;
    yield Array.from(t, (time, index) => ({ t: time, x: x[index]!, y: y[index]!, on: on[index]! }));
  }
}

/** All events of the first milliseconds after the start. */
export async function firstEvents(configuration: PropheseeEvk4Changes, source?: VirtualSource): Promise<Event[]> {
  const endUs = 150_000;
  const device = await openCamera(configuration, source);
  const events: Event[] = [];
  try {
    for await (const batch of batches(device)) {
      for (const event of batch) if (event.t < endUs) events.push(event);
      if (batch.at(-1)!.t >= endUs) break;
    }
    assert.equal((await describeVirtualBus()).cameras[0]!.bytesLostInCamera, 0);
  } finally {
    device.close();
  }
  return events;
}

export function assertSameEvents(found: readonly Event[], expected: readonly Event[]): void {
  const count = Math.max(found.length, expected.length);
  for (let index = 0; index < count; index++) {
    const [one, other] = [found[index], expected[index]];
    if (one?.t === other?.t && one?.x === other?.x && one?.y === other?.y && one?.on === other?.on) continue;
    assert.fail(`event ${index} is ${JSON.stringify(one)}, and not ${JSON.stringify(other)}`);
  }
}

/** Words of a RAW file in EVT3 as a path, until the callback has ended. */
export async function withRecording(words: readonly number[], use: (path: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic-drivers-"));
  try {
    const header = new TextEncoder().encode("% format EVT3;height=720;width=1280\n% end\n");
    const path = join(directory, "recording.raw");
    writeFileSync(path, Uint8Array.of(...header, ...words.flatMap((word) => [word & 0xff, word >> 8])));
    await use(path);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What the camera sends by its default configuration; made once. */
let unchanged: Promise<Event[]> | undefined;
export function allEvents(): Promise<Event[]> {
  return unchanged ??= firstEvents({});
}

/** Opens a camera with the changes, and compares its events with some of those (`outOf`) that it sends without. */
export async function assertSends(
  changes: PropheseeEvk4Changes,
  expected: readonly Event[],
  { outOf = Infinity }: { readonly outOf?: number } = {},
): Promise<void> {
  assert.ok(expected.length > 1_000, `${expected.length} events are too few to compare`);
  assert.ok(expected.length < outOf, "the camera shall leave something out");
  assertSameEvents(await firstEvents(changes), expected);
}
