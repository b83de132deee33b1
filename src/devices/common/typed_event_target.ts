// Types of listeners are taken from `EventTarget`: with the types of Node alone, there is no `EventListener`.

/** An `EventTarget` whose events have types: `Events` has each event by its name. */
export interface TypedEventTarget<Events> extends EventTarget {
  /** Listens to an event by its name. */
  addEventListener<Type extends keyof Events & string>(
    type: Type,
    listener: ((event: Events[Type]) => void) | null,
    options?: Parameters<EventTarget["addEventListener"]>[2],
  ): void;
  /** The same for any type. */
  addEventListener(
    type: string,
    listener: Parameters<EventTarget["addEventListener"]>[1],
    options?: Parameters<EventTarget["addEventListener"]>[2],
  ): void;
  /** Ends listening. */
  removeEventListener<Type extends keyof Events & string>(
    type: Type,
    listener: ((event: Events[Type]) => void) | null,
    options?: Parameters<EventTarget["removeEventListener"]>[2],
  ): void;
  /** The same for any type. */
  removeEventListener(
    type: string,
    listener: Parameters<EventTarget["removeEventListener"]>[1],
    options?: Parameters<EventTarget["removeEventListener"]>[2],
  ): void;
}
