import type { Cameras, CameraType } from "../cameras/cameras.ts";
import type { OpenCamera } from "../cameras/driver.ts";
import type { Status } from "../packets/status.ts";
import { showAs } from "../shown.ts";
import { closedError } from "../stream/ending.ts";
import type { StreamItem, StreamStatistics } from "../stream/stream_item.ts";
import { SyncPackets } from "../stream/sync_packets.ts";
import { checkClearBacklog, type ClearBacklogOptions } from "./common/clear_backlog.ts";
import { StreamingCamera } from "./common/streaming_camera.ts";
import type { DeviceOf } from "./device.ts";
import { DeviceCore, type DeviceParts } from "./device_core.ts";
import { checkRecordOptions, type RecordOptions } from "./common/record_options.ts";
import { makeRecordable } from "./record.ts";
import { recordToEnd } from "./record_to_end.ts";
import type { Recorder } from "./recorder.ts";
import { startRecorder } from "./start_recorder.ts";

/** A device over its parts. The type parameters are a promise of {@link open}. */
export class CameraDevice<Type extends CameraType, P> extends StreamingCamera<Type, P> implements DeviceOf<Type, P> {
  readonly #core: DeviceCore;
  readonly sensors: Cameras[Type]["sensors"];

  constructor(parts: DeviceParts) {
    const core = new DeviceCore(parts);
    super(core);
    this.#core = core;
    this.sensors = this.#sensorsOf(parts.camera.sensors) as Cameras[Type]["sensors"];
    makeRecordable(this, (...given) => recordToEnd(core, ...given));
    forgotten.register(this, this.#core, this);
  }

  get statistics(): StreamStatistics {
    return this.#core.parts.stream.statistics();
  }

  clearBacklog(given: ClearBacklogOptions = {}): Status {
    const { until = 0 } = checkClearBacklog(given);
    return this.#open("clear backlog").stream.clearBacklog(until);
  }

  recordTo(path: string | URL, given: RecordOptions = {}): Recorder {
    return startRecorder(this.#core, this, path, checkRecordOptions("recordTo", given));
  }

  updateConfiguration(changes: Cameras[Type]["changes"]): void {
    this.#core.run(this.#open("update configuration").camera.update(changes));
  }

  close(): void {
    this.#close("close");
  }

  #close(by: "close" | "dispose"): void {
    forgotten.unregister(this);
    this.#core.close({ by });
  }

  // The iterator holds the device: while the program iterates, it is not forgotten.
  [Symbol.iterator](): IterableIterator<StreamItem<P>, undefined> {
    return new SyncPackets(this.#core, this) as unknown as IterableIterator<StreamItem<P>, undefined>;
  }

  [Symbol.dispose](): void {
    this.#close("dispose");
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#close("dispose");
    return Promise.resolve();
  }

  /** The camera's protocols as functions, which hold the device: it is not forgotten while the program measures. */
  #sensorsOf(protocols: OpenCamera["sensors"]): object {
    const measure = ([name, protocol]: [string, OpenCamera["sensors"][string]]) => [
      name,
      (...parameters: unknown[]) => {
        this.#open(`read ${name}`);
        return this.#core.run(protocol(...parameters));
      },
    ];
    return Object.freeze(Object.fromEntries(Object.entries(protocols).map(measure)));
  }

  #open(operation: string): DeviceParts {
    const { ending, parts, description } = this.#core;
    if (ending !== undefined) throw closedError(ending, operation, description);
    return parts;
  }
}

showAs<CameraDevice<CameraType, unknown>>(CameraDevice, "Device", ({ name, type, serial, speed, closed }) => ({
  name,
  type,
  serial,
  speed,
  closed,
}));

const forgotten = new FinalizationRegistry<DeviceCore>((core) => core.close({ by: "close" }));
