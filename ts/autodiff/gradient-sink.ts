/**
 * The gradients of one backward pass, and the destinations for the gradients of each operation's inputs.
 *
 * The first contribution to a gradient is written directly to its destination: for a variable, its place in the slab
 * that the optimizer reads. Later contributions are added.
 *
 * @module
 */

import { wasm } from "../runtime/module.js";
import { type Shape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { allocate, type Operand } from "./arena.js";
import type { Entry, GradientSink } from "./record.js";
import { isOfRows } from "./row-places.js";
import { slabTensor } from "./slab-tensor.js";

/** Operations whose backward pass only hands on the gradient, as it is or in another order. */
const REORDERING = new Set(["reshape", "expandDims", "squeeze", "transpose"]);
/** Numbers from which on memory is worth reusing. */
const LARGE = 1 << 14;

/** A gradient that is being accumulated. */
interface Sum {
  tensor: Tensor<"float32">;
  /** Whether it belongs to other code: then it is copied before anything is added. */
  shared: boolean;
}

/** All gradients of one backward pass. */
export class Gradients implements GradientSink {
  readonly #needed: ReadonlySet<Operand>;
  /** Places reserved for the sources. */
  readonly #places: ReadonlyMap<Operand, Tensor<"float32">>;
  readonly #sums = new Map<Operand, Sum>();
  #inputs: readonly Operand[] = [];
  #room: Tensor<"float32"> | undefined;
  readonly #sources: readonly Operand[];
  /** Memory of gradients that are added to others, and that nothing else has seen. */
  readonly #free: Tensor<"float32">[] = [];

  constructor(
    needed: ReadonlySet<Operand>,
    places: ReadonlyMap<Operand, Tensor<"float32">>,
    sources: readonly Operand[],
  ) {
    this.#needed = needed;
    this.#places = places;
    this.#sources = sources;
  }

  /** The gradient accumulated so far. */
  of(operand: Operand): Tensor<"float32"> | undefined {
    return this.#sums.get(operand)?.tensor;
  }

  /** Starts with the gradient of a target. */
  seed(target: Operand, gradient: Tensor<"float32">): void {
    this.#add(target, gradient);
  }

  /** Propagates the output's gradient through one operation. */
  through(entry: Entry): void {
    const dy = this.of(entry.output);
    if (dy === undefined) return;
    this.#inputs = entry.inputs;
    const place = this.#places.get(entry.inputs[0]!);
    if (isOfRows(place)) {
      place.addRows(dy, entry);
      this.#sums.set(entry.inputs[0]!, { tensor: place, shared: false });
    } else {
      entry.backward(dy, this);
      if (REORDERING.has(entry.name) && dy.size >= LARGE) this.#release(entry);
    }
  }

  /** Reuses the memory of a gradient that was handed on to another sum: a weight may be reshaped many times. */
  #release({ inputs, output }: Entry): void {
    const [own, into] = [this.#sums.get(output), this.#sums.get(inputs[0]!)];
    if (own?.shared !== false || into === undefined) return;
    if (this.#places.has(output) || this.#sources.includes(output)) return;
    if (into.shared && into.tensor.address !== own.tensor.address) return;
    this.#sums.delete(output);
    // The memory itself is handed on, or it is free.
    if (into.shared) into.shared = false;
    else this.#free.push(own.tensor);
  }

  wants(index: number): boolean {
    return this.#needed.has(this.#inputs[index]!);
  }

  write(index: number, kernel: (address: number) => void): void {
    const operand = this.#inputs[index]!;
    if (!this.#needed.has(operand)) return;
    const sum = this.#sums.get(operand);
    if (sum === undefined) {
      kernel(this.#fresh(operand).address);
      return;
    }
    const contribution = this.#contribution(operand);
    kernel(contribution.address);
    addTo(this.#own(operand, sum), contribution);
  }

  accumulate(index: number, kernel: (address: number, beta: 0 | 1) => void): void {
    const operand = this.#inputs[index]!;
    if (!this.#needed.has(operand)) return;
    const sum = this.#sums.get(operand);
    if (sum === undefined) kernel(this.#fresh(operand).address, 0);
    else kernel(this.#own(operand, sum).address, 1);
  }

  pass(index: number, gradient: Tensor<"float32">): void {
    const operand = this.#inputs[index]!;
    if (this.#needed.has(operand)) this.#add(operand, gradient);
  }

  /**
   * Memory for a contribution that is added immediately. It is shared: otherwise a weight that is used often would fill
   * the memory.
   */
  #contribution(operand: Operand): Tensor<"float32"> {
    let room = this.#room;
    if (room === undefined || room.size < operand.size) this.#room = room = allocate([operand.size]);
    return slabTensor(room, 0, operand.shape);
  }

  #add(operand: Operand, gradient: Tensor<"float32">): void {
    const sum = this.#sums.get(operand);
    if (sum !== undefined) {
      addTo(this.#own(operand, sum), gradient);
    } else if (this.#places.has(operand)) {
      wasm().copy_values(gradient.address, gradient.size, this.#fresh(operand).address);
    } else {
      this.#sums.set(operand, { tensor: inShape(gradient, operand.shape), shared: true });
    }
  }

  /** Memory for the first contribution, at its reserved place if it has one. */
  #fresh(operand: Operand): Tensor<"float32"> {
    const tensor = this.#places.get(operand) ?? this.#reused(operand) ?? allocate(operand.shape);
    this.#sums.set(operand, { tensor, shared: false });
    return tensor;
  }

  #reused({ size, shape }: Operand): Tensor<"float32"> | undefined {
    const at = this.#free.findIndex((free) => free.size === size);
    return at < 0 ? undefined : slabTensor(this.#free.splice(at, 1)[0]!, 0, shape);
  }

  /** The gradient so far, in memory that may be changed. */
  #own(operand: Operand, sum: Sum): Tensor<"float32"> {
    if (!sum.shared) return sum.tensor;
    const copy = this.#fresh(operand);
    wasm().copy_values(sum.tensor.address, copy.size, copy.address);
    return copy;
  }
}

/** A gradient that passed a reshape has the output's shape, but earlier operations broadcast by their input's shape. */
function inShape(gradient: Tensor<"float32">, shape: Shape): Tensor<"float32"> {
  if (sameShape(gradient.shape, shape)) return gradient;
  const shared = gradient.sharedAs(shape);
  if (shared !== undefined) return shared;
  const copy = allocate(shape);
  wasm().copy_values(gradient.address, copy.size, copy.address);
  return copy;
}

function addTo(sum: Tensor<"float32">, contribution: Tensor<"float32">): void {
  wasm().add_values(contribution.address, sum.size, sum.address);
}
