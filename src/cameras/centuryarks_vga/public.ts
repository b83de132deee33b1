/** The types of this camera that programs name, its sensor's included. `mod.ts` publishes all of them. */

export type { CenturyarksVgaChanges, CenturyarksVgaConfiguration, CenturyarksVgaSensors } from "./configuration.ts";
export type {
  Gen31BiasChanges,
  Gen31Biases,
  Gen31Changes,
  Gen31Clock,
  Gen31Configuration,
  Gen31NoiseFilter,
} from "../gen31/configuration.ts";
export type { Gen31Sensors } from "../gen31/monitors.ts";
