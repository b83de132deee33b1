/** What else the page sets of a camera's configuration, as data: switches, numbers, and filters with their fields. */

import type { SourceConfiguration } from "./source.ts";

/** A number or a choice of a feature. */
export type FeatureField =
  | {
    readonly kind: "number";
    readonly name: string;
    readonly label: string;
    readonly minimum: number;
    readonly maximum: number;
    readonly step: number;
    readonly unit: string;
  }
  | { readonly kind: "choice"; readonly name: string; readonly label: string; readonly choices: readonly string[] };

/** A part of a configuration that the page knows how to set. */
export interface Feature {
  /** Its name in the configuration. */
  readonly key: string;
  readonly label: string;
  /** A boolean, a number, or an object that is null where the feature is off. */
  readonly kind: "switch" | "number" | "filter";
  /** What switches a filter on. */
  readonly initial?: SourceConfiguration;
  /** Of a number its one field, of a filter those of its object. */
  readonly fields?: readonly FeatureField[];
  /** The fields as the page shows them, where the configuration in force tells them otherwise. */
  readonly read?: (value: SourceConfiguration) => SourceConfiguration;
}

/** The features by the order of the panel. A camera has those whose key its configuration has. */
const features: readonly Feature[] = [
  {
    key: "rateLimiter",
    label: "Rate limiter",
    kind: "filter",
    initial: { maximumEventsPerSecond: 10_000_000 },
    fields: [
      numberField("maximumEventsPerSecond", "At most", [10_000, 1_000_000_000], { step: 10_000, unit: "ev/s" }),
    ],
    read: ({ referencePeriodUs, maximumEventsPerPeriod }) => ({
      maximumEventsPerSecond: Math.round(Number(maximumEventsPerPeriod) * 1e6 / Number(referencePeriodUs)),
    }),
  },
  {
    key: "antiFlicker",
    label: "Anti-flicker",
    kind: "filter",
    initial: { minimumHz: 90, maximumHz: 130 },
    fields: [
      numberField("minimumHz", "From", [50, 520], { unit: "Hz" }),
      numberField("maximumHz", "To", [50, 520], { unit: "Hz" }),
      { kind: "choice", name: "mode", label: "Mode", choices: ["band-stop", "band-pass"] },
    ],
  },
  {
    key: "trailFilter",
    label: "Trail filter",
    kind: "filter",
    initial: { type: "stc-cut-trail", thresholdUs: 10_000 },
    fields: [
      { kind: "choice", name: "type", label: "Type", choices: ["trail", "stc-cut-trail", "stc-keep-trail"] },
      numberField("thresholdUs", "Threshold", [1_000, 100_000], { step: 1_000, unit: "µs" }),
    ],
  },
  {
    key: "activityFilter",
    label: "Activity filter",
    kind: "filter",
    initial: { lowerStart: 50_000, lowerStop: 40_000 },
    fields: [
      numberField("lowerStart", "Sends from", [0, 1_000_000_000], { step: 1_000, unit: "ev/s" }),
      numberField("lowerStop", "Stops below", [0, 1_000_000_000], { step: 1_000, unit: "ev/s" }),
    ],
  },
  {
    key: "noiseFilter",
    label: "Noise filter",
    kind: "filter",
    initial: { minimumEventsPerSecond: 50_000 },
    fields: [
      numberField("minimumEventsPerSecond", "Sends from", [10_000, 10_000_000], { step: 1_000, unit: "ev/s" }),
    ],
  },
  {
    key: "packetPeriodUs",
    label: "Packet period",
    kind: "number",
    fields: [numberField("packetPeriodUs", "Packet period", [16, 65_520], { step: 16, unit: "µs" })],
  },
  { key: "externalTrigger", label: "Trigger input", kind: "switch" },
  { key: "masksEnabled", label: "Masks apply", kind: "switch" },
  { key: "output", label: "Sensor sends", kind: "switch" },
];

/** What a sensor cannot do of a choice. */
const withoutKeepTrail: readonly string[] = ["prophesee-evk3-hd"];

/** The features of a camera. */
export function featuresOf(type: string, configuration: SourceConfiguration): Feature[] {
  return features.filter(({ key }) => key in configuration).map((feature) => {
    if (feature.key !== "trailFilter" || !withoutKeepTrail.includes(type)) return feature;
    const fields = feature.fields!.map((field) =>
      field.kind === "choice"
        ? { ...field, choices: field.choices.filter((choice) => choice !== "stc-keep-trail") }
        : field
    );
    return { ...feature, fields };
  });
}

/** Whether a feature is on. */
export function isOn({ key, kind }: Feature, configuration: SourceConfiguration): boolean {
  return kind === "filter" ? configuration[key] !== null : configuration[key] === true;
}

/** The values of a feature's fields; of a filter that is off, those that switch it on. */
export function valuesOf(feature: Feature, configuration: SourceConfiguration): SourceConfiguration {
  const { key, kind, initial = {}, read } = feature;
  const value = configuration[key];
  if (kind !== "filter") return { [key]: value };
  if (value === null) return initial;
  const values = value as SourceConfiguration;
  return read === undefined ? values : read(values);
}

/** The change that switches a feature on or off. */
export function switched({ key, kind, initial }: Feature, isOn: boolean): SourceConfiguration {
  return { [key]: kind === "filter" ? (isOn ? initial : null) : isOn };
}

/** The change that sets one field and leaves the others. */
export function withField(
  feature: Feature,
  configuration: SourceConfiguration,
  field: { readonly name: string; readonly value: unknown },
): SourceConfiguration {
  if (feature.kind === "number") return { [feature.key]: field.value };
  return { [feature.key]: { ...valuesOf(feature, configuration), [field.name]: field.value } };
}

function numberField(
  name: string,
  label: string,
  [minimum, maximum]: readonly [number, number],
  { step = 1, unit }: { readonly step?: number; readonly unit: string },
): FeatureField {
  return { kind: "number", name, label, minimum, maximum, step, unit };
}
