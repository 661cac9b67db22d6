/**
 * Arguments of the functions that write files.
 *
 * @module
 */

import { checkKnownOptions } from "../options.js";
import type { AbortSignal } from "../platform-types.js";
import { type Watch, watched } from "./stores/progress.js";
import { isTarget } from "./stores/targets.js";

interface WriteOptions {
  readonly format?: unknown;
  readonly signal?: AbortSignal | null | undefined;
  readonly onProgress?: unknown;
}

/** The target, and the options. */
interface WriteArguments {
  /** Whether a target was passed, even an invalid one; otherwise the bytes are returned. */
  readonly hasTarget: boolean;
  readonly target: unknown;
  readonly format: unknown;
  readonly watch: Watch;
}

/** The target and the options, or the options alone. @throws ValueError, TypeError for unknown options */
export function writeArguments(owner: string, second: unknown, third: unknown): WriteArguments {
  const hasTarget = isTarget(second) || third !== undefined;
  const options = ((hasTarget ? third : second) ?? {}) as WriteOptions;
  checkKnownOptions(owner, options, ["format", "signal", "onProgress"]);
  const { format } = options;
  return { hasTarget, target: hasTarget ? second : undefined, format, watch: watched(owner, options) };
}
