import assert from "node:assert/strict";
import type { Genx320Changes } from "../../../../src/cameras/genx320/configuration.ts";
import { propheseeEvk3Genx320 } from "../../../../src/cameras/prophesee_evk3_genx320/driver.ts";
import { EARLY_CHIP_ID, Genx320Model, PRODUCTION_CHIP_ID } from "./genx320_model.ts";

/** The early sensor and that of production. */
export const SENSORS = {
  es: { chipId: EARLY_CHIP_ID, system: 0x40 },
  mp: { chipId: PRODUCTION_CHIP_ID, system: 0x3b },
} as const;

/** Identifies and opens a model; the lines of what follows are those of each call. */
export function openModel(changes: Genx320Changes = {}, kind: keyof typeof SENSORS = "es") {
  const model = new Genx320Model(SENSORS[kind]);
  assert.ok(model.carryOut(propheseeEvk3Genx320.identify()).isOurs);
  const camera = model.carryOut(propheseeEvk3Genx320.open(propheseeEvk3Genx320.checkConfiguration(changes)));
  const lines = model.takeLines();
  const start = lines.indexOf("CLEAR_HALT 0x81");
  return {
    camera,
    model,
    setUp: lines.slice(0, start),
    started: lines.slice(start),
    update(changes: Genx320Changes) {
      model.carryOut(camera.update(changes));
      return model.takeLines();
    },
    close() {
      model.carryOut(camera.shutdown());
      return model.takeLines();
    },
    measure(name: Exclude<keyof typeof camera.sensors, "biases">) {
      return { value: model.carryOut<number>(camera.sensors[name]()), lines: model.takeLines() };
    },
  };
}
