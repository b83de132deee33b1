/** What a device is and gives, by the options that open it. */

import type { CameraType } from "../../cameras/cameras.ts";
import type { Packet } from "../../packets/packet.ts";

/** The option that says which camera it is. */
export interface TypeOption {
  /** Type of the wanted camera. */
  readonly type?: CameraType | undefined;
}

/** The options that say what a device gives. */
export interface PacketOptions {
  /** Whether packets are the bytes as they came. */
  readonly raw?: boolean | undefined;
  /** After which time `packet` is undefined. */
  readonly iteratorTimeoutMs?: number | undefined;
}

/** The type of camera that these options open: any where they do not say. */
export type TypeOf<Options extends TypeOption> = Options extends { readonly type: infer Type extends CameraType } ? Type
  : CameraType;

/**
 * What a device opened with these options gives: `Uint8Array` where `raw` is true, `Packet` where it is false or absent,
 * and both where the type of `raw` is `boolean`. Also `undefined`, unless `iteratorTimeoutMs` is absent.
 */
export type PacketOf<Options extends PacketOptions> = Options extends unknown ?
    | (true extends Options["raw" & keyof Options] ? Uint8Array<ArrayBuffer> : never)
    | (Options extends { readonly raw: true } ? never : Packet)
    | (Options["iteratorTimeoutMs" & keyof Options] extends undefined ? never : undefined)
  : never;
