/**
 * RemoteMonitor.
 *
 * @module
 */

import { placedOptions } from "../../arguments.js";
import { isPlain } from "../../brands.js";
import { Callback, type HookName, type Logs } from "../../callbacks/callback.js";
import { ArgumentTypeError } from "../../errors.js";
import { boolean, checkKnownOptions, checkObject, shown, text } from "../../options.js";
import { warnOnce } from "../../warnings.js";

/** Options of {@link RemoteMonitor}, with Keras's defaults. */
export interface RemoteMonitorOptions {
  /** Address of the server. Default: `"http://localhost:9000"`. */
  readonly root?: string | undefined;
  /** Path on the server. Default: `"/publish/epoch/end/"`. */
  readonly path?: string | undefined;
  /** Name of the form field with the JSON, unless `sendAsJson` is true. Default: `"data"`. */
  readonly field?: string | undefined;
  /** HTTP headers. Default: null, only the content type. */
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  /** Whether to send the JSON itself instead of a form. Default: false. */
  readonly sendAsJson?: boolean | undefined;
}

const NAMES = ["root", "path", "field", "headers", "sendAsJson"] as const;

/** Milliseconds after which a server counts as unreachable: training must not wait forever. */
const PATIENCE = 10_000;

/**
 * Sends the numbers of each epoch to a server, by a POST request. If the server cannot be reached, it warns, and
 * training continues.
 *
 * @see [Keras: RemoteMonitor](https://keras.io/api/callbacks/remote_monitor/)
 * @example
 * ```ts
 * import { RemoteMonitor } from "gradstep/saving";
 *
 * const monitor = new RemoteMonitor({ root: "https://example.com", path: "/training", sendAsJson: true });
 * console.log(monitor.path); // "/training"
 * ```
 */
export class RemoteMonitor extends Callback {
  /** Address of the server. */
  readonly root: string;
  /** Path on the server. */
  readonly path: string;
  /** Name of the form's field. */
  readonly field: string;
  /** HTTP headers, or `null`. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** Whether the JSON itself is sent instead of a form. */
  readonly sendAsJson: boolean;

  /**
   * Sends the numbers of each epoch to a server.
   *
   * @param options - {@link RemoteMonitorOptions}, or `root`, `path` and the others by position.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: RemoteMonitorOptions | RemoteMonitorOptions["root"],
    path?: RemoteMonitorOptions["path"] | RemoteMonitorOptions,
    field?: RemoteMonitorOptions["field"] | RemoteMonitorOptions,
    others?: RemoteMonitorOptions,
  );
  constructor(...given: unknown[]) {
    super();
    const owner = "RemoteMonitor";
    const options = placedOptions<RemoteMonitorOptions>(owner, NAMES.slice(0, 3), given);
    checkKnownOptions(owner, options, NAMES);
    this.root = text(owner, "root", options.root ?? "http://localhost:9000");
    this.path = text(owner, "path", options.path ?? "/publish/epoch/end/");
    this.field = text(owner, "field", options.field ?? "data");
    this.headers = checkedHeaders(owner, options.headers ?? null);
    this.sendAsJson = boolean(owner, "sendAsJson", options.sendAsJson ?? false);
  }

  /** @internal */
  override get statefulName(): string {
    return "RemoteMonitor";
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    checkObject(this, "onEpochEnd");
    const json = JSON.stringify({ epoch, ...logs });
    const [type, body] = this.sendAsJson
      ? ["application/json", json]
      : ["application/x-www-form-urlencoded", String(new URLSearchParams({ [this.field]: json }))];
    try {
      const headers = new Headers(this.headers ?? {});
      if (!headers.has("content-type")) headers.set("content-type", type!);
      const response = await fetch(this.root + this.path, {
        method: "POST",
        headers,
        body: body!,
        signal: AbortSignal.timeout(PATIENCE),
      });
      await response.body?.cancel();
    } catch (error) {
      warnOnce(this, `RemoteMonitor: could not reach the server at ${this.root}: ${(error as Error).message}`);
    }
  }

  /** @internal */
  override remoteNeeds(_hook: HookName): "logs" | undefined {
    return this.constructor === RemoteMonitor ? "logs" : undefined;
  }
}

function checkedHeaders(owner: string, headers: unknown): RemoteMonitor["headers"] {
  if (headers === null) return null;
  if (isPlain(headers) && Object.values(headers).every((value) => typeof value === "string")) {
    return headers as Record<string, string>;
  }
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "headers" must be an object of names and texts, got ${shown(headers)}.`,
  );
}
