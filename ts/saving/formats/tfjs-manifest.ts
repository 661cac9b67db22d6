/**
 * The weights manifest of TensorFlow.js: groups of tensors, contiguous over the group's shards.
 *
 * @see https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts
 * @module
 */

import { isPlain } from "../../brands.js";
import { isList, shown } from "../../options.js";
import { sizeOf } from "../../shape.js";
import { refuseFile } from "../stores/file-error.js";
import { shardPath } from "./tfjs-paths.js";

/** Bytes of one value, by its dtype. */
const WIDTHS = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const;

/** A dtype of values in shards. */
export type ShardDType = keyof typeof WIDTHS;

/** Quantization in equal steps: a number is `value * scale + min`. */
export interface Quantization {
  readonly scale: number;
  readonly min: number;
}

/** A tensor of the manifest. */
export interface ManifestEntry {
  readonly name: string;
  /** The dtype in the shards. */
  readonly stored: ShardDType;
  readonly shape: readonly number[];
  /** Bytes in the shards. */
  readonly length: number;
  readonly quantization: (Quantization & { readonly rounded: boolean }) | undefined;
  readonly isState: boolean;
}

/** Tensors that are contiguous in the group's shards. */
export interface ManifestGroup {
  readonly paths: readonly string[];
  readonly entries: readonly ManifestEntry[];
  /** Bytes of all tensors, and so of all shards. */
  readonly length: number;
}

/** The groups. Sizes in the manifest allocate nothing. @throws ValueError for a damaged manifest */
export function manifestGroups(file: string, manifest: unknown): ManifestGroup[] {
  if (!isList(manifest)) return refuseFile(file, "its weightsManifest is not a list of groups");
  const paths = new Set<string>();
  const names = new Set<string>();
  return manifest.map((group) => {
    if (!isPlain(group)) refuseFile(file, "its weightsManifest has a group that is not an object");
    const { paths: listed, weights } = group as Record<string, unknown>;
    if (!isList(listed) || !isList(weights)) {
      refuseFile(file, 'its weightsManifest has a group without the lists "paths" and "weights"');
    }
    const own = listed.map((path) => once(file, paths, shardPath(file, path)));
    const entries = weights.map((entry) => entryOf(file, names, entry));
    const length = entries.reduce((sum, entry) => sum + entry.length, 0);
    if (!Number.isSafeInteger(length)) refuseFile(file, "its weights have more than 2^53 bytes");
    return { paths: own, entries, length };
  });
}

function once(file: string, known: Set<string>, name: string): string {
  if (known.has(name)) refuseFile(file, `its weightsManifest has ${JSON.stringify(name)} twice`);
  known.add(name);
  return name;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function entryOf(file: string, names: Set<string>, value: unknown): ManifestEntry {
  if (!isPlain(value)) return refuseFile(file, "its weightsManifest has a weight that is not an object");
  const { name, dtype, shape, quantization, group } = value as Record<string, unknown>;
  if (typeof name !== "string") return refuseFile(file, "its weightsManifest has a weight without a name");
  once(file, names, name);
  const label = JSON.stringify(name);
  if (!isList(shape) || !shape.every(isCount)) refuseFile(file, `${label} has a shape that is not a list of lengths`);
  if (!isDType(dtype)) {
    refuseFile(file, `${label} has the dtype ${shown(dtype)}; those of weights are ${Object.keys(WIDTHS).join(", ")}`);
  }
  const steps =
    quantization === undefined || quantization === null ? undefined : stepsOf(file, label, dtype, quantization);
  const stored = steps?.stored ?? dtype;
  const length = sizeOf(shape as number[]) * WIDTHS[stored];
  if (!Number.isSafeInteger(length)) refuseFile(file, `the shape [${shape.join(", ")}] of ${label} is too large`);
  return {
    name,
    stored,
    shape: shape as number[],
    length,
    quantization: steps?.quantization,
    isState: group === "optimizer",
  };
}

function isDType(value: unknown): value is ShardDType {
  return typeof value === "string" && Object.hasOwn(WIDTHS, value);
}

function stepsOf(
  file: string,
  label: string,
  dtype: ShardDType,
  value: unknown,
): { stored: ShardDType; quantization: ManifestEntry["quantization"] } {
  const { dtype: stored, scale, min } = (isPlain(value) ? value : {}) as Record<string, unknown>;
  const isFloat = dtype === "float32";
  if (isFloat && stored === "float16") return { stored, quantization: undefined };
  if ((stored !== "uint8" && stored !== "uint16") || !(isFloat || dtype === "int32")) {
    return refuseFile(
      file,
      `${label} is ${dtype} quantized to ${shown(stored)}; float32 can be uint8, uint16 or float16, int32 uint8 or uint16`,
    );
  }
  if (!Number.isFinite(scale) || !Number.isFinite(min)) {
    refuseFile(file, `${label} is quantized to ${stored} without the finite numbers "scale" and "min"`);
  }
  return { stored, quantization: { scale: scale as number, min: min as number, rounded: !isFloat } };
}
