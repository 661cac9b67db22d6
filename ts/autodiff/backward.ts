/**
 * The walk back over a tape.
 *
 * @module
 */

import { checkSameCopy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { currentArena } from "../runtime/arena.js";
import { Block } from "../runtime/memory.js";
import { countText, sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { allocate, type Operand } from "./arena.js";
import { Gradients } from "./gradient-sink.js";
import type { GradientOptions } from "./gradient-tape.js";
import { within } from "./part.js";
import type { Entry } from "./record.js";
import type { Recording } from "./recording.js";

/** Gradients of the targets' sum, one for each source; everything is checked before anything is computed. */
export function gradientsOf(
  recording: Recording,
  targets: readonly Tensor[],
  sources: readonly Operand[],
  options: GradientOptions,
): (Tensor<"float32"> | null)[] {
  const seeds = checkedSeeds(targets, options.outputGradients);
  for (const source of sources) checkSource(source);
  const unconnected = options.unconnectedGradients ?? "none";
  if (unconnected !== "none" && unconnected !== "zero") {
    throw new ValueError(
      "ERR_TAPE",
      `gradient: "unconnectedGradients" must be "none" or "zero", got ${shown(unconnected)}.`,
    );
  }
  const { entries } = recording;
  const tracked = sources.filter((source) => recording.tracks(source));
  const needed = connected(entries, tracked, targets);
  const gradients = new Gradients(needed, places(sources.filter((source) => needed.has(source))));
  targets.forEach((target, i) => {
    if (needed.has(target)) gradients.seed(target, seeds[i] ?? filled(target.shape, 1));
  });
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i] as Entry;
    if (needed.has(entry.output)) gradients.through(entry);
  }
  return sources.map((source) => gradients.of(source) ?? (unconnected === "zero" ? filled(source.shape, 0) : null));
}

/** What lies between sources and targets: nothing else needs a gradient. */
function connected(entries: readonly Entry[], sources: readonly Operand[], targets: readonly Tensor[]): Set<Operand> {
  const reached = new Set<Operand>(sources);
  for (const { inputs, output } of entries) {
    for (const input of inputs) if (reached.has(input)) reached.add(output);
  }
  const wanted = new Set<Operand>(targets);
  for (let i = entries.length - 1; i >= 0; i--) {
    const { inputs, output } = entries[i] as Entry;
    if (wanted.has(output)) for (const input of inputs) wanted.add(input);
  }
  for (const operand of reached) if (!wanted.has(operand)) reached.delete(operand);
  return reached;
}

/** Cache lines, in float32: as the optimizer's own slabs are laid out. */
const LINE = 16;

/** One run of memory for the gradients of all sources, in their order: the optimizer reads it in one go. */
function places(sources: readonly Operand[]): Map<Operand, Tensor<"float32">> {
  const offsets: number[] = [];
  let total = 0;
  for (const { size } of sources) {
    offsets.push(total);
    total += Math.ceil(size / LINE) * LINE;
  }
  const slab = currentArena()?.take(total) ?? new Block(total);
  return new Map(sources.map((source, i) => [source, within(slab, offsets[i] as number, source.shape)]));
}

function filled(shape: readonly number[], value: number): Tensor<"float32"> {
  const tensor = allocate(shape);
  tensor.value.fill(value);
  return tensor;
}

function checkSource(source: unknown): void {
  if (!(source instanceof Tensor || source instanceof Variable)) {
    throw new ArgumentTypeError("ERR_TAPE", `gradient: sources are variables or tensors, got ${shown(source)}.`);
  }
}

function checkedSeeds(
  targets: readonly Tensor[],
  given: GradientOptions["outputGradients"],
): readonly (Tensor<"float32"> | null | undefined)[] {
  checkSameCopy('gradient: "outputGradients"', given);
  const seeds = given instanceof Tensor ? [given] : (given ?? []);
  if (seeds.length > 0 && seeds.length !== targets.length) {
    throw new ValueError(
      "ERR_TAPE",
      `gradient: expected ${targets.length} "outputGradients", one for each target, got ${seeds.length}.`,
    );
  }
  targets.forEach((target, i) => {
    if (!(target instanceof Tensor)) {
      throw new ArgumentTypeError(
        "ERR_TAPE",
        `gradient: the target is a tensor or a list of them, got ${shown(target)}.`,
      );
    }
    if (target.dtype !== "float32") {
      throw new ArgumentTypeError("ERR_TAPE", `gradient: the target must be float32, got ${target.dtype}.`);
    }
    const seed = seeds[i] ?? null;
    if (seed === null) return;
    if (!(seed instanceof Tensor) || !sameShape(seed.shape, target.shape)) {
      const got = seed instanceof Tensor ? countText(seed.shape) : shown(seed);
      throw new ValueError(
        "ERR_TAPE",
        `gradient: expected an output gradient of ${countText(target.shape)}, got ${got}.`,
      );
    }
  });
  return seeds;
}
