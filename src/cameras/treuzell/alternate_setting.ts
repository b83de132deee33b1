/** The board's interface, which OpenEB sets to its only alternate setting when it opens a camera. */

import { NeuromorphicError } from "../../errors.ts";
import { readDeviceDescriptor } from "../../protocol/descriptors.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { isGone } from "../../protocol/failures.ts";

/** The interface of a board: to be claimed, and the only one that OpenEB and neuromorphic-drivers use. */
export const INTERFACE = 0;

/**
 * OpenEB leaves boards alone that have Prophesee's own ids and an older release than this (bcdDevice). Source: OpenEB
 * 5.1.1, `tz_libusb_board_command.cpp`.
 */
const FIRST_RELEASE = 0x0307;
const PROPHESEE = { vendorId: 0x04b4, productIds: [0x00f4, 0x00f5] } as const;

/**
 * Selects alternate setting 0 of a claimed interface, as OpenEB does and neuromorphic-drivers does not. A board may
 * refuse where it has no other setting (USB 2.0, 9.4.10), so a refusal is no failure.
 */
export function* selectAlternateSetting(interfaceNumber: number): Protocol {
  const device = yield* readDeviceDescriptor();
  if (device === undefined) return;
  const isProphesees = device.vendorId === PROPHESEE.vendorId &&
    PROPHESEE.productIds.some((productId) => productId === device.productId);
  if (isProphesees && device.release < FIRST_RELEASE) return;
  try {
    yield { kind: "alternate-setting", interfaceNumber, setting: 0 };
  } catch (error) {
    if (!(error instanceof NeuromorphicError) || isGone(error)) throw error;
  }
}
