import { outOfRange } from "../checks.ts";
import { NeuromorphicError } from "../errors.ts";
import { encoderFaults } from "../native/library.ts";
import type { EncodableEvents, EncoderOptions } from "./encoder.ts";
import { encoderLimits } from "./limits.ts";

/** The event or trigger that the native encoder did not take. */
export interface EncoderFault {
  /** Of the fault, in the table of the native library. */
  readonly number: number;
  /** Of the event, or of the trigger. */
  readonly index: number;
}

/** The error for what the native encoder did not take, with the column, the index and the value. */
export function encoderError(
  fault: EncoderFault,
  { polarityEvents, triggerEvents }: EncodableEvents,
  { format, width, height }: EncoderOptions,
  lastTime: number,
): Error {
  const { index } = fault;
  const name = encoderFaults[fault.number]!;
  const [kind, columns] = name.startsWith("event")
    ? ["polarityEvents", polarityEvents!] as const
    : ["triggerEvents", triggerEvents!] as const;
  const { maximumTime, maximumTriggerId } = encoderLimits[format];
  const before = index > 0
    ? `${columns.t[index - 1]}, the time before it`
    : `${lastTime}, the last time of the calls before`;
  const wrong = (column: string, value: unknown, must: string) =>
    outOfRange(`${kind}.${column}[${index}]`, must, value);
  const unsupported = (what: string) => {
    return new NeuromorphicError("unsupported", `${format} holds ${what} (${kind}, index ${index})`, {
      operation: "encode",
    });
  };
  const time = columns.t[index]!;
  switch (name) {
    case "event_time":
    case "trigger_time":
      return wrong("t", time, "a whole number of µs from 0 on");
    case "event_order":
    case "trigger_order":
      return wrong("t", time, `at least ${before}`);
    case "event_range":
    case "trigger_range":
      return unsupported(`times up to ${maximumTime} µs, not ${time}`);
    case "event_x":
      return wrong("x", polarityEvents!.x[index], `a whole number from 0 to ${width - 1}`);
    case "event_y":
      return wrong("y", polarityEvents!.y[index], `a whole number from 0 to ${height - 1}`);
    case "event_on":
      return wrong("on", polarityEvents!.on[index], "0 or 1");
    case "trigger_id":
      return unsupported(`trigger inputs 0 to ${maximumTriggerId}, not ${triggerEvents!.id[index]}`);
    default:
      return unsupported(`edges of triggers, 0 and 1, not ${triggerEvents!.edge[index]}`);
  }
}
