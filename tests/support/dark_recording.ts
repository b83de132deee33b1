import { type Recording, writeRecording } from "./recording.ts";

/** Between two time words. A Gen4.1 sensor sends two at such an interval; that of the IMX636 is unknown. */
const intervalUs = 16;
const timeHighUs = 4096;

/** One event: its row, its column, ON. */
const event = [0x0064, 0x28c8];

/**
 * A RAW file of a sensor that sees nothing, a quarter of a second of it: a TIME_HIGH each 4096 µs, TIME_LOWs between,
 * and this many isolated events.
 */
export function writeDarkRecording(events = 0): Recording {
  const length = 64 * timeHighUs / intervalUs;
  const words = Array.from({ length }, (_, index) => {
    const timeUs = index * intervalUs;
    const time = timeUs % timeHighUs === 0 ? 0x8000 | timeUs / timeHighUs : 0x6000 | timeUs % timeHighUs;
    const eventful = Math.floor(index * events / length) !== Math.floor((index + 1) * events / length);
    return eventful ? [time, ...event] : [time];
  }).flat();
  return writeRecording(words);
}
