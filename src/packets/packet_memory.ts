/** Memory of a library that cannot write into JavaScript's: packets are copies of what is in it. */
export interface Staging {
  /** A view of it, which may be another one after any call of the library. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Gives it back. */
  free(): void;
  /** Where packets may be views of it, what ends that. */
  readonly lending?: Lending;
}

/** The end of packets that are views of a library's memory. */
export interface Lending {
  /** Detaches all views. */
  detach(): void;
  /** Gives a packet's views to their holder for good, and takes other memory for what comes next. */
  leave(): void;
  /** Other memory, for what becomes no packet. */
  readonly spare: Uint8Array<ArrayBuffer>;
}

/** How memory for packets is made and used. */
export interface PacketMemoryOptions {
  /** True: a packet is valid until the next one is asked for. False: as long as it is held. */
  readonly reuses: boolean;
  /** Makes a buffer with any content. */
  readonly allocate: (byteLength: number) => ArrayBuffer;
  /** Makes what is filled, where that is not one of JavaScript's buffers. */
  readonly stage?: ((byteLength: number) => Staging) | undefined;
}

/**
 * The memory of the packets of one source. A block is filled, and what is in it becomes a packet, by one of two rules:
 *
 * - A packet owns its memory (default). It is a copy of the right size, and the block is filled again; only where it
 *   nearly fills the block it gets the block itself, and a new one takes its place.
 * - Memory is reused. A small packet is a copy, a large one is the block, and taking the block for the next packet
 *   detaches it: that moves the memory to another ArrayBuffer, which does not copy. Only a buffer that the program
 *   transferred away (to a Worker) is replaced by a new one.
 *
 * Where a library has memory of its own, that is filled, and every packet is a copy: where memory is reused, a large one
 * always into the same block. Where that memory can be lent, a large packet is no copy but the memory itself, until a
 * packet is to stay with its holder: from then on all are copies.
 */
export class PacketMemory {
  readonly #byteLength: number;
  readonly #options: PacketMemoryOptions;
  readonly #largestCopy: number;
  /** A view of a block, all of its buffer. */
  #block: Uint8Array<ArrayBuffer> | undefined;
  #staging: Staging | undefined;
  /** What makes packets of the staging's memory itself. */
  #lending: Lending | undefined;
  /** What the last packet was given, where memory is reused. */
  #lent: ArrayBuffer | undefined;

  /** Nothing is allocated before the first {@link take}. */
  constructor(byteLength: number, options: PacketMemoryOptions) {
    this.#byteLength = byteLength;
    this.#options = options;
    this.#largestCopy = options.reuses ? largestReusedCopy : byteLength * largestOwnedCopy;
  }

  /** The block has nothing in it but zeros and what it was filled with before. */
  get isZeroed(): boolean {
    return this.#options.reuses;
  }

  /** What to fill. Where memory is reused, detaches the last packet, unless that one is to stay. */
  take(mayReuse: boolean = true): Uint8Array<ArrayBuffer> {
    if (mayReuse) this.#takeBack();
    else this.#leave();
    const { stage } = this.#options;
    if (stage === undefined) return this.#presentBlock();
    if (this.#staging === undefined) {
      this.#staging = stage(this.#byteLength);
      if (this.#options.reuses) this.#lending = this.#staging.lending;
    }
    return this.#staging.bytes;
  }

  /** What to fill where no packet is made of it. The last packet stays as it is, until the next one is taken. */
  takeSpare(): Uint8Array<ArrayBuffer> {
    return this.#lending !== undefined && this.#isView(this.#lent) ? this.#lending.spare : this.take(false);
  }

  /** What {@link take} gave last, to be asked for after each call that fills it: a library's memory may have moved. */
  get filled(): Uint8Array<ArrayBuffer> {
    return this.#staging?.bytes ?? this.#presentBlock();
  }

  /** Memory for a copy of a packet of this length; undefined where the packet gets what was taken last. */
  memoryFor(byteLength: number): ArrayBuffer | undefined {
    const { reuses, allocate, stage } = this.#options;
    let copy = byteLength <= this.#largestCopy ? allocate(byteLength) : undefined;
    if (stage !== undefined && this.#lending === undefined) {
      copy ??= reuses ? this.#presentBlock().buffer : allocate(byteLength);
    }
    if (reuses) this.#lent = copy ?? this.filled.buffer;
    else if (copy === undefined) this.#block = undefined;
    return copy;
  }

  /** Detaches the last packet where memory is reused. */
  close(): void {
    this.#takeBack();
    this.#block = undefined;
    this.#staging?.free();
    this.#staging = undefined;
    this.#lending = undefined;
  }

  /** The block; a new one where there is none, or where it was moved away. */
  #presentBlock(): Uint8Array<ArrayBuffer> {
    if (this.#block !== undefined && this.#block.length > 0) return this.#block;
    const { reuses, allocate } = this.#options;
    return this.#block = new Uint8Array(reuses ? new ArrayBuffer(this.#byteLength) : allocate(this.#byteLength));
  }

  /** The last packet stays with its holder. */
  #leave(): void {
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent === this.#block?.buffer) this.#block = undefined;
    if (!this.#isView(lent)) return;
    this.#lending?.leave();
    this.#lending = undefined;
  }

  #takeBack(): void {
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent === undefined || lent.byteLength === 0) return;
    if (this.#isView(lent)) return this.#lending?.detach();
    const isBlock = lent === this.#block?.buffer;
    const moved = move(lent);
    if (isBlock) this.#block = new Uint8Array(moved);
  }

  #isView(lent: ArrayBuffer | undefined): boolean {
    return this.#lending !== undefined && lent === this.#staging?.bytes.buffer;
  }
}

/**
 * Where memory is reused, copying up to this many bytes is quicker than what else the block costs: making a large one anew,
 * when a program sends each packet on to a Worker, and the garbage collection that Bun's engine begins when large buffers
 * have been moved some times.
 */
export const largestReusedCopy = 1 << 16;

/**
 * Up to this part of the block, a packet that owns its memory is a copy: so it has the right size, and the block stays in
 * the CPU's caches. Above, a new block costs less than the copy does.
 */
const largestOwnedCopy = 7 / 8;

/** `ArrayBuffer.prototype.transfer`, or the same by structured clone on engines that lack it. */
function move(buffer: ArrayBuffer): ArrayBuffer {
  return buffer.transfer === undefined ? structuredClone(buffer, { transfer: [buffer] }) : buffer.transfer();
}
