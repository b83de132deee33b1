/** What may go wrong in a soak: on the bus, in the order of passages, and in the program, at times. */

import type { VirtualFault } from "../../mod.ts";
import type { Random } from "../support/random.ts";

const events = 0x81;
const replies = 0x82;

/** Commands that a bring-up sends, and that a closing camera gets. */
const bringUpCommands = 778;
const closingCommands = 42;

type BusIncident = (random: Random, passage: number, bufferBytes: number) => readonly VirtualFault[];

/** Faults of the virtual camera. `passage` counts transfers of events. */
export const busIncidents: Readonly<Record<string, BusIncident>> = {
  "stall": (random, after, room) => [{ kind: "stall", endpoint: events, after, length: someBytes(random, room) }],
  "stall that stays": (random, after, room) => [
    { kind: "stall", endpoint: events, after, length: someBytes(random, room) },
    // The opening clears it once.
    { kind: "error", function: "libusb_clear_halt", after: 1, times: 0, code: -1 },
  ],
  "protocol error": (random, after, room) => [
    { kind: "protocol-error", endpoint: events, after, times: random.whole(1, 60), length: someBytes(random, room) },
  ],
  "protocol errors for ever": (_, after) => [{ kind: "protocol-error", endpoint: events, after, times: 0 }],
  "overflow": (random, after, room) => [
    { kind: "overflow", endpoint: events, after, times: random.whole(1, 60), length: someBytes(random, room) },
  ],
  "empty packets": (random, after) => [
    { kind: "zero-length", endpoint: events, after, times: random.whole(1, 300) },
  ],
  "short packets": (random, after) => [
    { kind: "short", endpoint: events, after, times: random.whole(1, 300), length: 8 * random.whole(1, 512) },
  ],
  "hang": (_, after) => [{ kind: "hang", endpoint: events, after }],
  "unplugged": (_, after) => [{ kind: "unplug", endpoint: events, after }],
  "unplugged at a submit": (_, after) => [{ kind: "unplug", function: "libusb_submit_transfer", after }],
  "failing submits": (random, after) => [
    {
      kind: "error",
      function: "libusb_submit_transfer",
      after,
      times: random.whole(1, 100),
      code: random.pick([-1, -11]),
    },
  ],
  "failing event handling": (random, after) => [
    { kind: "error", function: "libusb_handle_events_timeout_completed", after, times: random.whole(1, 5), code: -1 },
  ],
  "failing cancellations": (random) => [
    { kind: "error", function: "libusb_cancel_transfer", times: random.whole(1, 20), code: -1 },
  ],
  "failing release": () => [{ kind: "error", function: "libusb_release_interface", times: 1, code: -1 }],
  "no memory for DMA": (random) => [
    { kind: "error", function: "libusb_dev_mem_alloc", after: random.whole(0, 100), times: 0, code: -11 },
  ],
  "failing commands": (random) => [
    { kind: "error", function: "libusb_bulk_transfer", after: 2 * someCommand(random), code: -1 },
  ],
  "stalled commands": (random) => [{ kind: "stall", endpoint: 0x02, after: someCommand(random) }],
  "wrong replies": (random) => [{
    kind: random.pick(["wrong-command", "failure-flag", "short"]),
    endpoint: replies,
    after: someCommand(random),
    length: 6,
    times: random.whole(0, 3),
  }],
  "late replies": (random) => [{
    kind: "delay",
    endpoint: replies,
    after: someCommand(random),
    times: random.whole(1, 10),
    delayMs: random.whole(1, 200),
  }],
  "no replies": (random) => [{ kind: "hang", endpoint: replies, after: someCommand(random) }],
};

/** One of the bring-up, or more often one that comes later. */
function someCommand(random: Random): number {
  if (random.chance(0.3)) return random.whole(0, bringUpCommands - 1);
  return bringUpCommands + random.whole(0, closingCommands + 10);
}

/** What a failing transfer brings all the same: often nothing. */
function someBytes(random: Random, room: number): number {
  return random.chance(0.5) ? 0 : 8 * random.whole(1, room / 8);
}

/** What the program does while it reads. */
export type ProgramIncident = (typeof programIncidents)[number];

export const programIncidents = [
  "pause",
  "blocked event loop",
  "cleared backlog",
  "command",
  "blocking iteration",
] as const;

/** How the program ends a session that nothing else ended. */
export type SessionEnd = (typeof sessionEnds)[number];

export const sessionEnds = ["leaves the loop", "closes inside the loop", "aborts", "replugs while streaming"] as const;
