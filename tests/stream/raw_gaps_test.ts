/** Raw packets of a full ring, decoded by the program: as right as what the device decodes itself. */

import assert from "node:assert/strict";
import { configureVirtualBus, createDecoder, type Gap, open } from "../../mod.ts";
import { SequenceReader } from "../support/sequence.ts";
import { slow, test } from "../support/test.ts";
import { assertNothingLeft } from "../support/virtual.ts";

test("a decoder that is told of the gaps gives the right events", slow, async () => {
  await configureVirtualBus([{ source: { kind: "sequence" }, bytesPerSecond: 0 }]);
  const device = await open({
    libusb: "virtual",
    raw: true,
    iteratorMaximumRawPackets: 4,
    usbConfiguration: { bufferBytes: 16_384, ringLength: 12, transferQueueLength: 4 },
  });
  const decoder = await createDecoder(device.decoderOptions);
  const reader = new SequenceReader(1);
  let packets = 0;
  for await (const { status, packet } of device) {
    let start = 0;
    const decodeUntil = (end: number, gaps: readonly Gap[]) => {
      const decoded = [...decoder.decode(packet.subarray(start, end))];
      assert.ok(decoded.length <= 1, "one packet has room for the events of four raw packets");
      reader.take({ bytes: end - start, gaps }, decoded[0]?.polarityEvents);
      start = end;
    };
    let before: readonly Gap[] = [];
    for (const gap of status.gaps) {
      decodeUntil(gap.byteIndex, before);
      assert.ok(gap.silenceUs > 0 && gap.silenceUs < 30e6, `${gap.silenceUs} µs`);
      decoder.gap(gap.silenceUs);
      before = [{ ...gap, byteIndex: 0, polarityEventIndex: 0 }];
    }
    decodeUntil(packet.length, before);
    packets += 1;
    if (packets < 8) await new Promise((resolve) => setTimeout(resolve, 30));
    if (packets >= 60 && reader.gaps >= 3) break;
  }
  device.close();
  decoder.close();
  assert.ok(reader.events > 100_000, `${reader.events} events`);
  await configureVirtualBus();
  await assertNothingLeft();
});
