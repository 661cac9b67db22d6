/**
 * The backward pass over a tape.
 *
 * @module
 */

import { checkSameCopy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { isList, shown } from "../options.js";
import type { Arena } from "../runtime/arena.js";
import { padded } from "../runtime/cache-lines.js";
import { wasm } from "../runtime/module.js";
import type { Storage } from "../runtime/storage.js";
import { sameShape, unlikeText } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import { readNumbers, type Values } from "../values.js";
import { isVariable } from "../variable.js";
import { allocate, type Operand } from "./arena.js";
import { Gradients } from "./gradient-sink.js";
import type { Entry, Question, Seed } from "./record.js";
import { checkUnchanged, type Recording } from "./recording.js";
import { rowPlaces } from "./row-places.js";
import { slabTensor } from "./slab-tensor.js";

/** Options of `gradient` of a tape. */
export interface GradientOptions {
  /**
   * Gradient of the target, in its shape, or a list with one for each target; `null` stands for ones. Default: ones.
   */
  readonly outputGradients?: Operand | Values | readonly (Operand | Values | null)[] | null | undefined;
  /**
   * The gradient of a source on which the target does not depend: `"none"` for `null`, or `"zero"`. Default: `"none"`.
   */
  readonly unconnectedGradients?: "none" | "zero" | undefined;
}

/** Checks everything that can be checked before anything is computed. @throws ValueError, TypeError */
export function question(
  owner: string,
  recording: Recording,
  targets: readonly Tensor[],
  sources: readonly Operand[],
  options: GradientOptions,
): Question {
  const seeds = checkedSeeds(owner, targets, options.outputGradients);
  for (const source of sources) checkSource(owner, source);
  return between(recording, targets, sources, seeds, wantsZeros(owner, options));
}

/** Whether unconnected gradients are zeros instead of `null`. @throws ValueError for another string */
export function wantsZeros(owner: string, options: Pick<GradientOptions, "unconnectedGradients">): boolean {
  const unconnected = options.unconnectedGradients ?? "none";
  if (unconnected === "none" || unconnected === "zero") return unconnected === "zero";
  throw new ValueError(
    "ERR_TAPE",
    `${owner}: "unconnectedGradients" must be "none" or "zero", got ${shown(unconnected)}.`,
  );
}

/** {@link question}, for arguments that were checked. @throws ValueError for values that changed */
export function between(
  recording: Recording,
  targets: readonly Operand[],
  sources: readonly Operand[],
  seeds: readonly (Seed | undefined)[],
  zeros = false,
): Question {
  const tracked = sources.filter((source) => recording.tracks(source));
  const needed = connected(recording.entries, tracked, targets);
  const entries: Entry[] = [];
  for (const entry of recording.entries) {
    if (!needed.has(entry.output)) continue;
    let leads = false;
    for (const input of entry.inputs) leads ||= needed.has(input);
    if (!leads) continue;
    checkUnchanged(entry);
    entries.push(entry);
  }
  return { targets, sources, seeds, zeros, needed, entries, recorded: recording.entries };
}

/**
 * Gradients of the targets' sum, one for each source.
 *
 * @param places - Destinations of some gradients; the others are allocated in the running step's memory.
 */
export function gradientsOf(
  { targets, sources, seeds, zeros, needed, entries }: Question,
  places: ReadonlyMap<Operand, Tensor<"float32">>,
): (Tensor<"float32"> | null)[] {
  const gradients = new Gradients(needed, places, sources);
  targets.forEach((target, i) => {
    if (needed.has(target)) gradients.seed(target, seedTensor(target.shape, seeds[i]));
  });
  for (let i = entries.length - 1; i >= 0; i--) gradients.through(entries[i]!);
  return sources.map((source) => {
    const found = gradients.of(source);
    if (found !== undefined || !zeros) return found ?? null;
    const place = places.get(source) as Tensor<"float32">;
    place.numbers.fill(0);
    return place;
  });
}

/** All operands on which the gradients depend. */
export function dependencies({ targets, seeds, entries }: Question): Operand[] {
  const all = new Set<Operand>(targets);
  for (const seed of seeds) if (isOperand(seed)) all.add(seed);
  for (const { inputs, output, reads } of entries) {
    for (const input of inputs) all.add(input);
    for (const tensor of reads) all.add(tensor);
    all.add(output);
  }
  return [...all];
}

/** Whether the backward pass reads from an arena. */
export function readsFrom({ seeds, entries }: Question, arena: Arena): boolean {
  for (const seed of seeds) if (isTensor(seed) && seed.arena === arena) return true;
  for (const { inputs, reads } of entries) {
    for (const input of inputs) if (input.arena === arena) return true;
    for (const tensor of reads) if (tensor.arena === arena) return true;
  }
  return false;
}

/** A checksum of the operations: the same in each iteration of a loop. */
export function formOf({ entries }: Question): number {
  let form = entries.length;
  for (const { name, output } of entries) form = (Math.imul(form, 31) + output.size * 7 + name.length) | 0;
  return form;
}

/** Entries between sources and targets: nothing else needs a gradient. */
export function connected(
  entries: readonly Entry[],
  sources: readonly Operand[],
  targets: readonly Operand[],
): Set<Operand> {
  const reached = new Set<Operand>(sources);
  for (const { inputs, output } of entries) {
    for (const input of inputs) if (reached.has(input)) reached.add(output);
  }
  const wanted = new Set<Operand>(targets);
  for (let i = entries.length - 1; i >= 0; i--) {
    const { inputs, output } = entries[i]!;
    if (wanted.has(output)) for (const input of inputs) wanted.add(input);
  }
  for (const operand of reached) if (!wanted.has(operand)) reached.delete(operand);
  return reached;
}

/** Contiguous memory for the gradients of all sources, in their order: the optimizer reads it in one pass. */
export function placesFor(given: Question, room: (length: number) => Storage): Map<Operand, Tensor<"float32">> {
  const { sources, needed, zeros } = given;
  const asked = sources.filter((source) => zeros || needed.has(source));
  const offsets: number[] = [];
  let total = 0;
  const byRows = asked.map((source) => rowPlaces.get(source)?.(given));
  for (const [i, { size }] of asked.entries()) {
    offsets.push(total);
    total += padded(byRows[i]?.size ?? size);
  }
  if (total === 0) return new Map();
  const slab = room(total);
  return new Map(
    asked.map((source, i) => [source, byRows[i]?.at(slab, offsets[i]!) ?? slabTensor(slab, offsets[i]!, source.shape)]),
  );
}

function seedTensor(shape: readonly number[], seed: Seed | undefined): Tensor<"float32"> {
  if (isTensor(seed) && seed.dtype === "float32") return seed as Tensor<"float32">;
  const tensor = allocate(shape);
  if (seed === undefined) wasm().fill_values(tensor.address, tensor.size, 1);
  else tensor.numbers.set(isOperand(seed) ? seed.numbers : seed);
  return tensor;
}

const isOperand = (value: unknown): value is Operand => isTensor(value) || isVariable(value);

function checkSource(owner: string, source: unknown): void {
  if (!isOperand(source)) {
    throw new ArgumentTypeError(
      "ERR_TAPE",
      `${owner}: sources are variables or tensors, such as model.trainableWeights, got ${shown(source)}.`,
    );
  }
  // Refuses a proxy: it was not recorded, although it looks like the object that was.
  void source.disposed;
}

function checkedSeeds(
  owner: string,
  targets: readonly Tensor[],
  given: GradientOptions["outputGradients"],
): (Seed | undefined)[] {
  checkSameCopy('gradient: "outputGradients"', given);
  const seeds = seedList(targets.length, given);
  if (seeds.length > 0 && seeds.length !== targets.length) {
    throw new ValueError(
      "ERR_TAPE",
      `gradient: expected ${targets.length} "outputGradients", one for each target, got ${seeds.length}.`,
    );
  }
  return targets.map((target, i) => {
    if (!isTensor(target)) {
      throw new ArgumentTypeError(
        "ERR_TAPE",
        `${owner}: the target is a tensor or a list of them, got ${shown(target)}.`,
      );
    }
    void target.disposed;
    if (target.dtype !== "float32") {
      throw new ArgumentTypeError("ERR_TAPE", `${owner}: the target must be float32, got ${target.dtype}.`);
    }
    return checkedSeed(seeds[i] ?? undefined, target);
  });
}

/** A list contains gradients of several targets, or one tensor; for one target it may also be the gradient itself. */
function seedList(targets: number, given: unknown): readonly unknown[] {
  if ((given ?? null) === null) return [];
  return isList(given) && (targets > 1 || isOperand(given[0]) || (given[0] ?? null) === null) ? given : [given];
}

function checkedSeed(seed: unknown, { shape, size }: Tensor): Seed | undefined {
  if (seed === undefined) return undefined;
  const read = isOperand(seed) ? undefined : readNumbers('gradient: "outputGradients"', seed, "float32");
  const given = (read ?? (seed as Operand)).shape;
  // Typed arrays are flat, and the numbers may be wrapped in a list of one.
  const others = read === undefined ? [] : [[size], [1, ...shape]];
  if (![shape, ...others].some((one) => sameShape(one, given))) {
    throw new ValueError("ERR_TAPE", `gradient: expected an output gradient of ${unlikeText(shape, given)}.`);
  }
  return read?.flat ?? (seed as Operand);
}
