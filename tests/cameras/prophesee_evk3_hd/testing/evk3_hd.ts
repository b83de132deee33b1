/** An EVK3 HD that exists in a test: its board is that of the EVK4. */

import { Evk4Model, type Evk4ModelOptions, type ModelDevice } from "../../testing/evk4_model.ts";
import { RecordingCamera, type RecordingCameraOptions } from "../../testing/transcript_camera.ts";

const SENSOR_DEVICE: ModelDevice = { name: "CCam5 Gen41 Event-Based Camera", compatible: ["psee,ccam5_gen41"] };

/** How the board of an EVK3 HD differs from that of an EVK4. */
const BOARD: Evk4ModelOptions = {
  system: Uint8Array.of(0x30, 0),
  product: "EVK3",
  chipId: 0xa030_1003,
  devices: [SENSOR_DEVICE],
};

/** Pads and event types, which are read before they are written: OpenEB's register map of the Gen4.1. */
const RESET = [[0x0044, 0xccff_fccf], [0x7004, 0x400]] as const;

function reset(model: Evk4Model): void {
  for (const [address, word] of RESET) model.registers.set(address, word);
}

/** What an EVK3 HD answers. */
export function evk3HdModel(options: Evk4ModelOptions = {}): Evk4Model {
  const model = new Evk4Model({ ...BOARD, ...options });
  reset(model);
  return model;
}

/** The same as an open USB handle that records what goes over it. */
export function recordingEvk3Hd(options: RecordingCameraOptions = {}): RecordingCamera {
  const camera = new RecordingCamera({ ...BOARD, ...options });
  reset(camera.model);
  return camera;
}
