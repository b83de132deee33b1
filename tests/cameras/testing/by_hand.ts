/** Drives a protocol without any bus and without any runner. */

import type { Protocol } from "../../../src/protocol/exchange.ts";
import type { Evk4Model } from "./evk4_model.ts";
import { lineOf } from "./transcript.ts";
import { type SingleExchange, withoutDialogues } from "./without_dialogues.ts";

/** Asks a protocol for one exchange after the other, and gives it the model's answers. */
export function carryOutByHand<Result>(
  protocol: Protocol<Result>,
  model: Evk4Model,
): { readonly lines: readonly string[]; readonly result: Result } {
  const lines: string[] = [];
  const transfers = withoutDialogues(protocol);
  let step = transfers.next();
  while (step.done !== true) {
    lines.push(...linesOf(step.value));
    step = transfers.next(answer(step.value, model));
  }
  return { lines, result: step.value };
}

/**
 * The same, but the exchange of that number fails. Returns what the protocol asks for after that, and what it throws in
 * the end; undefined where it has fewer exchanges.
 */
export function failByHand(
  protocol: Protocol<unknown>,
  model: Evk4Model,
  { at, error }: { readonly at: number; readonly error: Error },
): { readonly after: readonly string[]; readonly thrown: unknown } | undefined {
  const transfers = withoutDialogues(protocol);
  let step = transfers.next();
  for (let number = 0; number < at && step.done !== true; ++number) step = transfers.next(answer(step.value, model));
  if (step.done === true) return undefined;
  const after: string[] = [];
  try {
    step = transfers.throw(error);
    while (step.done !== true) {
      after.push(...linesOf(step.value));
      step = transfers.next(answer(step.value, model));
    }
  } catch (thrown) {
    return { after, thrown };
  }
  return { after, thrown: undefined };
}

function answer(exchange: SingleExchange, model: Evk4Model): Uint8Array | undefined {
  switch (exchange.kind) {
    case "wait":
    case "limit":
    case "begin":
    case "drain":
      return undefined;
    default:
      return model.answer(exchange);
  }
}

/** As in the golden transcripts, where a drain that finds nothing is one read. */
function linesOf(exchange: SingleExchange): readonly string[] {
  switch (exchange.kind) {
    case "wait":
      return [`WAIT_US ${exchange.us}`];
    case "limit":
    case "begin":
      return [];
    case "drain":
      return [lineOf({ ...exchange, kind: "bulk-in", length: 131_072 })];
    default:
      return [lineOf(exchange)];
  }
}
