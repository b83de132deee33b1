/** The begin of every session with a board: what is asked before anything is written to it. */

import type { Protocol } from "../../protocol/exchange.ts";
import { INTERFACE, selectAlternateSetting } from "./alternate_setting.ts";
import { TreuzellConnection } from "./connection.ts";
import { type BoardDescription, type BoardOptions, describeBoard } from "./identification.ts";

/** A board that answers, and what it said. */
export interface ConnectedBoard extends BoardDescription {
  readonly board: TreuzellConnection;
}

/** Selects the alternate setting of a claimed interface, and asks the board for its description. */
export function* connectBoard(options?: BoardOptions): Protocol<ConnectedBoard> {
  yield* selectAlternateSetting(INTERFACE);
  const board = new TreuzellConnection();
  return { board, ...yield* describeBoard(board, options) };
}
