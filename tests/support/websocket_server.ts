import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";

/** A server that takes binary messages of one client. */
export interface MessageSink {
  readonly url: string;
  /** All bytes of all messages so far. */
  received(): Uint8Array;
  close(): void;
}

/** Starts a WebSocket server on the loopback interface: as much of RFC 6455 as a client that only sends needs. */
export async function startMessageSink(): Promise<MessageSink> {
  const parts: Uint8Array[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, (part) => parts.push(part));
  });
  const port = await listen(server);
  return {
    url: `ws://127.0.0.1:${port}/`,
    received: () => concatenated(parts),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}

function serve(socket: Socket, onMessage: (part: Uint8Array) => void): void {
  let pending: Uint8Array = new Uint8Array(0);
  let upgraded = false;
  socket.on("error", () => {});
  socket.on("data", (chunk: Uint8Array) => {
    pending = concatenated([pending, chunk]);
    if (!upgraded) {
      const request = new TextDecoder("latin1").decode(pending);
      const end = request.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.write(acceptance(request));
      pending = pending.slice(end + 4);
      upgraded = true;
    }
    for (let frame = frameOf(pending); frame !== undefined; frame = frameOf(pending)) {
      if (frame.isData) onMessage(frame.payload);
      pending = pending.slice(frame.length);
    }
  });
}

function acceptance(request: string): string {
  const key = /^sec-websocket-key: *(\S+)/im.exec(request)![1]!;
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    "\r\n",
  ].join("\r\n");
}

/** The first frame, if all of it is there. A client masks what it sends. */
function frameOf(bytes: Uint8Array): { isData: boolean; payload: Uint8Array; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < maskAt + 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = short === 126 ? view.getUint16(2) : short === 127 ? Number(view.getBigUint64(2)) : short;
  const start = maskAt + 4;
  if (bytes.length < start + size) return undefined;
  const payload = bytes.slice(start, start + size);
  for (let index = 0; index < size; index++) payload[index]! ^= bytes[maskAt + index % 4]!;
  return { isData: (bytes[0]! & 0x0f) < 3, payload, length: start + size };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
