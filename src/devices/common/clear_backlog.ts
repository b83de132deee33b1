import { options, wholeNumber } from "../../checks.ts";

/** How much `device.clearBacklog` leaves. */
export interface ClearBacklogOptions {
  /** The most raw packets that stay, from 0 to 4,294,967,295. Default 0. */
  readonly until?: number | undefined;
}

/** Checks the options of `device.clearBacklog`. */
export const checkClearBacklog: (given: unknown) => ClearBacklogOptions = options<ClearBacklogOptions>("clearBacklog", {
  until: wholeNumber(0, 2 ** 32 - 1),
});
