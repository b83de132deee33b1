/** What is chosen before the sensor's start, as in OpenEB. */
export const FIXED_WHILE_OPEN = { clock: "the clock", eventFormat: "the event format" } as const;
