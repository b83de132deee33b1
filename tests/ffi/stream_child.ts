/** Waits for the virtual camera's data, or ends in the way that the first parameter says. */

import process from "node:process";
import { openRawStream } from "../support/raw_stream.ts";

const stream = await openRawStream();
const waiter = stream.native.createWaiter(stream.handle);

switch (process.argv[2]) {
  case "data": {
    await stream.startSensor();
    await waiter.wait(60_000);
    console.log(`received ${stream.read()} bytes`);
    stream.closeStream();
    waiter.close();
    stream.close();
    break;
  }
  case "leave": // A wait is over, no other one is asked for, and nothing was closed: the process shall end.
    await waiter.wait(20);
    setTimeout(() => console.log("still alive"), 10_000).unref();
    break;
  case "wait": // A loop waits, and nothing else keeps the process alive.
    waiter.wait(300).then(() => console.log("woken"));
    break;
  case "exit":
    waiter.wait(60_000).then(() => console.log("woken"));
    setTimeout(() => process.exit(3), 20);
    break;
  case "throw":
    waiter.wait(60_000).then(() => console.log("woken"));
    setTimeout(() => {
      throw new Error("on purpose");
    }, 20);
    break;
}
