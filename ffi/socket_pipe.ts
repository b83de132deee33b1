import { Socket } from "node:net";
import type { Pipe } from "./pipe_waiter.ts";

/**
 * Reads the pipe by a socket that does not keep the process alive, and closes it (Node; Deno from 2.8 on, without a
 * permission for it). A Deno that cannot throws.
 */
export class SocketPipe implements Pipe {
  readonly #socket: Socket;

  constructor(fileDescriptor: number, onWake: () => void) {
    const onread = {
      buffer: new Uint8Array(64),
      callback: (): boolean => {
        onWake();
        return true;
      },
    };
    this.#socket = new Socket({ fd: fileDescriptor, readable: true, writable: false, onread });
    this.#socket.unref();
    this.#socket.on("error", onWake);
    this.#socket.on("close", onWake);
  }

  close(): void {
    this.#socket.destroy();
  }
}
