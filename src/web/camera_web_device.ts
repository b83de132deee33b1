import type { Cameras, CameraType } from "../cameras/cameras.ts";
import type { OpenCamera } from "../cameras/driver.ts";
import { options } from "../checks.ts";
import { checkClearBacklog, type ClearBacklogOptions } from "../devices/common/clear_backlog.ts";
import { recordChecks } from "../devices/common/record_options.ts";
import { StreamingCamera } from "../devices/common/streaming_camera.ts";
import type { Status } from "../packets/status.ts";
import { showAs } from "../shown.ts";
import { closedError } from "../stream/ending.ts";
import type { StreamStatistics } from "../stream/stream_item.ts";
import { startRecorder } from "./recorder/start_recorder.ts";
import { checkTarget } from "./recorder/target.ts";
import type { WebDeviceOf, WebSensors } from "./web_device.ts";
import type { WebRecorder, WebRecordOptions, WebRecordTarget } from "./web_recorder.ts";
import { WebDeviceCore, type WebDeviceParts } from "./web_device_core.ts";

const checkRecordOptions = options<WebRecordOptions>("recordTo", recordChecks);

/** A device over its parts. The type parameters are a promise of `open`. */
export class CameraWebDevice<Type extends CameraType, P> extends StreamingCamera<Type, P>
  implements WebDeviceOf<Type, P> {
  readonly #core: WebDeviceCore;
  readonly sensors: WebSensors<Cameras[Type]["sensors"]>;

  constructor(parts: WebDeviceParts) {
    const core = new WebDeviceCore(parts);
    super(core);
    this.#core = core;
    this.sensors = this.#sensorsOf(parts.camera.sensors) as WebSensors<Cameras[Type]["sensors"]>;
    forgotten.register(this, this.#core, this);
  }

  get statistics(): StreamStatistics {
    return this.#core.stream.statistics;
  }

  clearBacklog(given: ClearBacklogOptions = {}): Status {
    const { until = 0 } = checkClearBacklog(given);
    const { ending, stream, description } = this.#core;
    if (ending !== undefined) throw closedError(ending, "clear backlog", description);
    return stream.clearBacklog(until);
  }

  recordTo(target?: WebRecordTarget, given: WebRecordOptions = {}): WebRecorder {
    const checkedTarget = target === undefined ? undefined : checkTarget(target, "target");
    return startRecorder(this.#core, this, checkedTarget, checkRecordOptions(given));
  }

  async updateConfiguration(changes: Cameras[Type]["changes"]): Promise<void> {
    await this.#core.run("update configuration", (camera) => camera.update(changes));
    void this; // kept from the garbage collector until the update is over
  }

  close(): Promise<void> {
    return this.#close("close");
  }

  #close(by: "close" | "dispose"): Promise<void> {
    forgotten.unregister(this);
    return this.#core.end({ by });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close("dispose");
  }

  /** The camera's protocols as functions, which hold the device: it is not forgotten while the page measures. */
  #sensorsOf(protocols: OpenCamera["sensors"]): object {
    const measure = ([name, protocol]: [string, OpenCamera["sensors"][string]]) => [
      name,
      async (...parameters: unknown[]) => {
        const result = await this.#core.run(`read ${name}`, () => protocol(...parameters));
        void this;
        return result;
      },
    ];
    return Object.freeze(Object.fromEntries(Object.entries(protocols).map(measure)));
  }
}

showAs<CameraWebDevice<CameraType, unknown>>(CameraWebDevice, "WebDevice", ({ name, type, serial, speed, closed }) => ({
  name,
  type,
  serial,
  speed,
  closed,
}));

const forgotten = new FinalizationRegistry<WebDeviceCore>((core) => core.close({ by: "close" }));
