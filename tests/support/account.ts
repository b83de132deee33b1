import type { VirtualBusDescription } from "../../mod.ts";

/** Bytes, and what became of them. The bus counts the first four, the library the next two, the program the last. */
export interface Account {
  /** Handed by cameras to transfers. */
  emitted: number;
  /** Of them, in transfers that failed. */
  inFailedTransfers: number;
  /** In transfers that had ended, but were never collected, because their handle was closed. */
  uncollected: number;
  /** Never handed over, because no transfer fetched them in time. Not part of `emitted`. */
  lostInCamera: number;
  /** Received by the library, dropped ones included. */
  received: number;
  /** Reported as dropped: by `device.statistics`. */
  dropped: number;
  /** Unread when the device was closed: by `device.statistics`. */
  leftUnread: number;
  /** In packets. */
  delivered: number;
  /** Thrown away by `clearBacklog`, by its statuses. */
  cleared: number;
  /** Reported as dropped by statuses; what was lost after the last packet is in the statistics only. */
  droppedInStatuses: number;
}

/** All zero. */
export function emptyAccount(): Account {
  return {
    emitted: 0,
    inFailedTransfers: 0,
    uncollected: 0,
    lostInCamera: 0,
    received: 0,
    dropped: 0,
    leftUnread: 0,
    delivered: 0,
    cleared: 0,
    droppedInStatuses: 0,
  };
}

/** Adds up. */
export function addAccount(sum: Account, account: Account): void {
  for (const name of Object.keys(sum) as (keyof Account)[]) sum[name] += account[name];
}

/** What the bus counted from one description to the next. */
export function addBus(account: Account, before: VirtualBusDescription, after: VirtualBusDescription): void {
  account.emitted += after.bytesEmitted - before.bytesEmitted;
  account.inFailedTransfers += after.bytesInFailedTransfers - before.bytesInFailedTransfers;
  account.uncollected += after.bytesUncollected - before.bytesUncollected;
  account.lostInCamera += after.bytesLostInCamera - before.bytesLostInCamera;
}

/** What does not add up; nothing where every byte has its place. */
export function differences(account: Account): string[] {
  const { emitted, uncollected, received, delivered, cleared, dropped, leftUnread, droppedInStatuses } = account;
  const found: string[] = [];
  if (emitted !== received + uncollected) {
    found.push(`emitted ${emitted} ≠ received ${received} + uncollected ${uncollected}`);
  }
  if (received !== delivered + cleared + dropped + leftUnread) {
    found.push(
      `received ${received} ≠ delivered ${delivered} + cleared ${cleared} + dropped ${dropped} + left ${leftUnread}`,
    );
  }
  if (droppedInStatuses > dropped) found.push(`dropped by statuses ${droppedInStatuses} > in all ${dropped}`);
  return found;
}
