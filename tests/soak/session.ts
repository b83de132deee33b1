import assert from "node:assert/strict";
import {
  type AnyPacket,
  configureVirtualBus,
  describeVirtualBus,
  type Device,
  NeuromorphicError,
  open,
  type Packet,
  type Status,
} from "../../mod.ts";
import { PatternReader } from "../support/pattern.ts";
import { type Account, addBus, differences, emptyAccount } from "../support/account.ts";
import type { PlannedIncident, SessionPlan } from "./plan.ts";

type Evk4 = Device<"prophesee-evk4", AnyPacket | undefined>;

/** How an opening went. */
export interface Opening {
  readonly account: Account;
  /** How it ended: as planned, or by which error. */
  readonly ending: string;
  /** Whether the camera could be opened. */
  readonly opened: boolean;
  /** What does not add up. */
  readonly differences: readonly string[];
  readonly stalls: number;
  readonly failedTransfers: number;
  readonly emptyTransfers: number;
  readonly gaps: number;
}

/** So long may nothing come before the program gives up. */
const patienceMs = 2000;

/** Reads one opening of a camera, as the plan says, and keeps its account. */
class Visitor {
  readonly account = emptyAccount();
  readonly pattern = new PatternReader();
  gaps = 0;
  readonly #plan: SessionPlan;
  readonly #onProgress: (bytes: number) => void;
  readonly #abort = new AbortController();
  readonly #due: PlannedIncident[];
  #time = 0;

  constructor(plan: SessionPlan, onProgress: (bytes: number) => void) {
    this.#plan = plan;
    this.#onProgress = onProgress;
    this.#due = [...plan.programIncidents];
  }

  /** Returns how it ended, and the device, closed. */
  async visit(): Promise<{ ending: string; device: Evk4 | undefined }> {
    let device: Evk4 | undefined;
    try {
      device = await open({
        ...this.#plan.options,
        type: "prophesee-evk4",
        libusb: "virtual",
        signal: this.#abort.signal,
      });
      return { ending: await this.#read(device), device };
    } catch (error) {
      if (error === this.#abort.signal.reason) return { ending: "aborts", device };
      if (!(error instanceof NeuromorphicError)) throw error;
      return { ending: `${device === undefined ? "open" : "reading"}: ${error.code}`, device };
    } finally {
      ignoringFailures(() => device?.close());
    }
  }

  async #read(device: Evk4): Promise<string> {
    const startMs = performance.now();
    while (true) {
      const ending = await this.#loop(device, startMs);
      if (ending !== "blocking iteration") return ending;
      this.#block(device);
    }
  }

  /** Returns how the reading ended, or that a loop which blocks has its turn. */
  async #loop(device: Evk4, startMs: number): Promise<string> {
    let lastMs = performance.now();
    for await (const item of device) {
      const nowMs = performance.now();
      this.#take(item);
      if (item.packet !== undefined) lastMs = nowMs;
      else if (nowMs - lastMs > patienceMs) return "nothing came any more";
      if (nowMs - startMs > this.#plan.durationMs) {
        if (await this.#leave(device)) return this.#plan.end;
        continue;
      }
      const next = this.#due[0];
      if (next === undefined || nowMs - startMs < next.atMs) continue;
      this.#due.shift();
      if (next.incident === "blocking iteration") return next.incident;
      await this.#act(device, next);
      lastMs = performance.now();
    }
    return this.#plan.end;
  }

  #block(device: Evk4): void {
    let packets = 0;
    for (const item of device) {
      this.#take(item);
      if (++packets === 20) break;
    }
  }

  #take({ status, packet }: { readonly status: Status; readonly packet: AnyPacket | undefined }): void {
    const { account } = this;
    if (packet === undefined) {
      assert.equal(status.bytes + status.droppedBytes + status.gaps.length, 0, "a status without a packet");
      return;
    }
    account.delivered += status.bytes;
    account.droppedInStatuses += status.droppedBytes;
    this.gaps += status.gaps.length;
    const inGaps = status.gaps.reduce((sum, { droppedBytes }) => sum + droppedBytes, 0);
    // What a stream lost at its very end has no place in a packet.
    assert.equal(inGaps, status.bytes > 0 ? status.droppedBytes : 0);
    if (packet instanceof Uint8Array) {
      assert.equal(packet.length, status.bytes);
      this.pattern.take(packet, status.gaps);
    } else this.#checkTimes(packet);
    this.#onProgress(status.bytes);
  }

  #checkTimes({ polarityEvents }: Packet): void {
    if (polarityEvents === undefined) return;
    const { t } = polarityEvents;
    let time = this.#time;
    for (let index = 0; index < t.length; index++) {
      if (t[index]! < time) assert.fail(`t ${t[index]} after ${time}`);
      time = t[index]!;
    }
    this.#time = time;
  }

  /** True when the loop is to be left. */
  async #leave(device: Evk4): Promise<boolean> {
    switch (this.#plan.end) {
      case "leaves the loop":
        return true;
      case "closes inside the loop":
        ignoringFailures(() => device.close());
        return false;
      case "aborts":
        this.#abort.abort(new Error("enough"));
        return false;
      case "replugs while streaming":
        await configureVirtualBus([this.#plan.camera]);
        return false;
    }
  }

  async #act(device: Evk4, { incident, durationMs }: PlannedIncident): Promise<void> {
    switch (incident) {
      case "pause":
        return await sleep(durationMs);
      case "blocked event loop":
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
        return;
      case "cleared backlog": {
        await sleep(durationMs / 4);
        const { bytes, droppedBytes } = device.clearBacklog({ until: 2 });
        this.account.cleared += bytes;
        this.account.droppedInStatuses += droppedBytes;
        this.pattern.leaveOut(bytes + droppedBytes);
        return;
      }
      case "command":
        return ignoringFailures(() => {
          device.sensors.temperatureCelsius();
          device.updateConfiguration({ biases: { diffOn: Math.round(durationMs) % 20 } });
        });
    }
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** What fails on a bad bus or a camera that is gone may fail; a bug in the program may not. */
function ignoringFailures(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
  }
}

/** Opens the camera that is plugged in, reads it, leaves it, and draws up the account. */
export async function visitOnce(plan: SessionPlan, onProgress: (bytes: number) => void): Promise<Opening> {
  const before = await describeVirtualBus();
  const visitor = new Visitor(plan, onProgress);
  const { ending, device } = await visitor.visit();
  const after = await describeVirtualBus();
  const { account, pattern } = visitor;
  addBus(account, before, after);
  const totals = device?.statistics;
  account.received = totals?.bytes ?? 0;
  account.dropped = totals?.droppedBytes ?? 0;
  account.leftUnread = totals?.backlogBytes ?? 0;
  const found = differences(account);
  if (pattern.unmarked > account.lostInCamera) {
    found.push(`missing without a mark ${pattern.unmarked} > lost in the camera ${account.lostInCamera}`);
  }
  const { contexts, handles, claims, transfersAllocated } = after;
  if (contexts + handles + claims > 0 || transfersAllocated > before.transfersAllocated) {
    found.push(`left open: ${JSON.stringify({ contexts, handles, claims, transfersAllocated })}`);
  }
  return {
    account,
    ending,
    opened: device !== undefined,
    differences: found,
    stalls: totals?.stalls ?? 0,
    failedTransfers: totals?.errors ?? 0,
    emptyTransfers: totals?.zeroLengthTransfers ?? 0,
    gaps: visitor.gaps,
  };
}
