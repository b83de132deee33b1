import type { CommonOpenOptions, VirtualCameraOptions, VirtualFault, VirtualSource } from "../../mod.ts";
import { Random } from "../support/random.ts";
import { busIncidents, type ProgramIncident, programIncidents, type SessionEnd, sessionEnds } from "./incidents.ts";

/** What a soak is made of. */
export interface SoakOptions {
  readonly seconds: number;
  readonly bytesPerSecond: number;
  readonly seed: number;
  /** "none": one session from the beginning to the end. */
  readonly faults: "all" | "none";
  /** "mixed": the pattern, read raw, or the scene, decoded. */
  readonly source: "pattern" | "scene" | "mixed";
}

/** Something that the program does at a time of its session. */
export interface PlannedIncident {
  readonly atMs: number;
  readonly incident: ProgramIncident;
  readonly durationMs: number;
}

/** A session: a camera is plugged in, and opened, read and left some times. */
export interface SessionPlan {
  readonly camera: VirtualCameraOptions;
  readonly options: CommonOpenOptions;
  /** Of one opening. */
  readonly durationMs: number;
  readonly openings: number;
  /** Names of what goes wrong on the bus. */
  readonly busIncidents: readonly string[];
  /** In each opening. */
  readonly programIncidents: readonly PlannedIncident[];
  readonly end: SessionEnd;
}

/** The longest session, and the time from one incident to the next on average; shorter in a short soak. */
const sessionMs = 12_000;
const incidentEveryMs = 2000;

/** What a session's number makes of it; the same at every run with the seed. */
export function planSession(options: SoakOptions, number: number): SessionPlan {
  const random = new Random(options.seed * 1_000_003 + number);
  const raw = options.source === "pattern" || (options.source === "mixed" && random.chance(0.7));
  const source: VirtualSource = raw ? { kind: "pattern" } : { kind: "scene" };
  const camera = { source, bytesPerSecond: options.bytesPerSecond };
  if (options.faults === "none") {
    const durationMs = 1e3 * options.seconds;
    const quiet = { busIncidents: [], programIncidents: [], end: "leaves the loop" } as const;
    return { camera, options: { raw }, durationMs, openings: 1, ...quiet };
  }
  const usbConfiguration = {
    bufferBytes: random.pick([16_384, 65_536, 131_072]),
    ringLength: random.whole(40, 600),
    transferQueueLength: random.whole(4, 32),
    allowDma: random.chance(0.3),
  };
  const openings = random.whole(1, 3);
  const longestMs = Math.min(sessionMs, 1e3 * options.seconds / 3);
  const everyMs = incidentEveryMs * longestMs / sessionMs;
  const durationMs = random.between(longestMs / 6, longestMs) / openings;
  const bus = planBus(random, openings * durationMs, everyMs, usbConfiguration.bufferBytes, options.bytesPerSecond);
  return {
    camera: { ...camera, faults: bus.flatMap(({ faults }) => faults) },
    options: {
      raw,
      usbConfiguration,
      iteratorTimeoutMs: 250,
      iteratorMaximumRawPackets: random.pick([0, 1, 16, 64]),
    },
    durationMs,
    openings,
    busIncidents: bus.map(({ name }) => name),
    programIncidents: planProgram(random, durationMs, everyMs),
    end: random.pick(sessionEnds),
  };
}

function planBus(random: Random, durationMs: number, everyMs: number, bufferBytes: number, bytesPerSecond: number) {
  const passagesPerMs = bytesPerSecond / bufferBytes / 1e3;
  const planned: { name: string; faults: readonly VirtualFault[] }[] = [];
  for (let atMs = random.between(0, 2 * everyMs); atMs < durationMs;) {
    const name = random.pick(Object.keys(busIncidents));
    planned.push({ name, faults: busIncidents[name]!(random, Math.round(atMs * passagesPerMs), bufferBytes) });
    atMs += random.between(0, 2 * everyMs);
  }
  return planned;
}

function planProgram(random: Random, durationMs: number, everyMs: number): PlannedIncident[] {
  const planned: PlannedIncident[] = [];
  for (let atMs = random.between(0, 2 * everyMs); atMs < durationMs;) {
    planned.push({ atMs, incident: random.pick(programIncidents), durationMs: random.between(0.02, 0.8) * everyMs });
    atMs += random.between(0, 2 * everyMs);
  }
  return planned;
}
