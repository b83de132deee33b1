import { type ExpectedDescriptor, stringDescriptor } from "../../protocol/descriptors.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { readSerial, readSystemByte } from "../treuzell/identification.ts";

/** Answered by the IMX636 boards; 0x30 is an EVK3 HD (Gen4.1). */
const SYSTEM_BYTE_IMX636 = 0x31;

/** Who a device with the ids of an EVK4 is; undefined where it is another camera. */
export function* identify(): Protocol<{ readonly serial: string } | undefined> {
  if ((yield* readSystemByte()) !== SYSTEM_BYTE_IMX636) return undefined;
  return { serial: yield* readSerial() };
}

const US_ENGLISH = 0x0409;

/**
 * Manufacturers and products of the cameras that speak this protocol, and the language in which they say so. Source:
 * neuromorphic-drivers 0.16.1, `prophesee_evk4.rs`.
 */
export const EXPECTED_DESCRIPTORS: readonly ExpectedDescriptor[] = [
  { name: "languages", value: 0x0300, index: 0, accepted: [Uint8Array.of(4, 3, US_ENGLISH & 0xff, US_ENGLISH >> 8)] },
  {
    name: "manufacturer",
    value: 0x0301,
    index: US_ENGLISH,
    accepted: ["Prophesee", "CenturyArks", "IDS Imaging Development Systems GmbH"].map(stringDescriptor),
  },
  { name: "product", value: 0x0302, index: US_ENGLISH, accepted: ["EVK4", "UE-39B0XCP"].map(stringDescriptor) },
];
