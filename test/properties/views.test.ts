/**
 * The array that `tensor.value` returns stays the tensor's: after any event, kept arrays have the tensor's numbers,
 * and operations use the values written to them.
 */

import fc from "fast-check";
import { expect, it } from "vitest";
import { GradientTape, memoryUse, ops, SGD, type Tensor, tensor, tidy, Variable } from "../../ts/index.js";
import { leaveAll, settle } from "../../ts/runtime/loose.js";

/** A tensor whose array was kept, and its numbers. */
interface Kept {
  readonly tensor: Tensor;
  readonly view: Float32Array | Int32Array;
  readonly numbers: number[];
  isDisposed: boolean;
}

const SOURCES = {
  data: (from) => tensor(Float32Array.from(from)),
  "whole numbers": (from) => tensor(Int32Array.from(from)),
  operation: (from) => ops.add(Float32Array.from(from), 0),
  copy: (from) => ops.keep(tensor(Float32Array.from(from))),
  reshaped: (from) => ops.reshape(Float32Array.from(from), [1, from.length]),
  tidied: (from) => tidy(() => ops.reshape(ops.add(Float32Array.from(from), 0), [from.length, 1])),
  "tidied, of whole numbers": (from) =>
    tidy(() => ops.argmax(ops.oneHot(tensor(Int32Array.from(from, (x) => x & 7)), 8), 1)),
  "in a step": (from) => new GradientTape().run(() => ops.multiply(new Variable(Float32Array.from(from)), 1)),
  gradient: (from) => {
    const [before, w] = [new Variable([1]), new Variable(new Float32Array(from.length))];
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(ops.multiply(ops.multiply(w, before), Float32Array.from(from))));
    return (tape.gradient(loss, [before, w]) as Tensor[])[1] as Tensor;
  },
  "gradient outside of its tape": (from) => {
    const w = new Variable(new Float32Array(from.length));
    const tape = new GradientTape({ persistent: true });
    return tape.run(() => tape.gradient(ops.sum(ops.multiply(w, Float32Array.from(from))), w)) as Tensor;
  },
} satisfies Record<string, (from: readonly number[]) => Tensor>;

const many = fc.integer({ min: 1, max: 400 });
const statement = fc.oneof(
  fc.record({ do: fc.constantFrom(...(Object.keys(SOURCES) as (keyof typeof SOURCES)[])), at: fc.nat(100) }),
  fc.record({ do: fc.constantFrom("write", "assign", "use", "view again", "dispose", "step"), at: fc.nat(100) }),
  fc.record({ do: fc.constantFrom("make", "tidy", "train"), at: many }),
  fc.record({ do: fc.constantFrom("move out", "grow"), at: fc.constant(0) }),
);

class Program {
  readonly #kept: Kept[] = [];
  readonly #size: number;
  #next = 0;
  readonly #w: Variable;

  constructor(size: number) {
    this.#size = size;
    this.#w = new Variable(new Float32Array(size));
  }

  #numbers(): number[] {
    return Array.from({ length: this.#size }, () => this.#next++ % 1000);
  }

  run({ do: what, at }: { readonly do: string; readonly at: number }): void {
    const live = this.#kept.filter(({ isDisposed }) => !isDisposed);
    const one = live[at % live.length];
    if (what in SOURCES) {
      const made = SOURCES[what as keyof typeof SOURCES](this.#numbers());
      this.#kept.push({ tensor: made, view: made.value, numbers: [...made.array()], isDisposed: false });
    } else if (what === "make") {
      for (let i = 0; i < at; i++) ops.add(this.#numbers(), 1);
    } else if (what === "tidy") {
      for (let i = 0; i < at / 50; i++) tidy(() => ops.square(ops.add(this.#numbers(), 1)));
    } else if (what === "train") {
      for (let i = 0; i < at / 50; i++) this.#train();
    } else if (what === "move out") {
      settle();
      leaveAll();
    } else if (what === "grow") {
      new Variable(new Float32Array(memoryUse().reserved / 64)).dispose();
    } else if (one !== undefined) {
      this.#change(what, one, at);
    }
  }

  #change(what: string, one: Kept, at: number): void {
    const place = at % this.#size;
    if (what === "write") {
      one.view[place] = at;
      one.numbers[place] = at;
    } else if (what === "assign") {
      one.numbers.splice(0, Number.POSITIVE_INFINITY, ...this.#numbers());
      one.tensor.assign(Float32Array.from(one.numbers));
    } else if (what === "view again") {
      expect([...one.tensor.value]).toEqual(one.numbers);
    } else if (what === "dispose") {
      one.tensor.dispose();
      one.isDisposed = one.tensor.disposed;
    } else if (what === "step" && one.tensor.dtype === "float32") {
      const w = new Variable(new Float32Array(this.#size), { shape: one.tensor.shape });
      new SGD({ learningRate: 1 }).applyGradients([[one.tensor as Tensor<"float32">, w]]);
      expect([...w.array()].map((x) => 0 - x)).toEqual(one.numbers);
      w.dispose();
    } else {
      expect([...ops.multiply(one.tensor, 2).array()]).toEqual(one.numbers.map((x) => 2 * x));
    }
  }

  #train(): void {
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(ops.multiply(this.#w, this.#numbers())));
    const [gradient] = tape.gradient(loss, [this.#w]);
    new SGD({ learningRate: 0.5 }).applyGradients([[gradient as Tensor<"float32">, this.#w]]);
  }

  check(): number {
    for (const { tensor, view, numbers, isDisposed } of this.#kept) {
      expect([...view]).toEqual(numbers);
      if (isDisposed) continue;
      expect([...tensor.array()]).toEqual(numbers);
      expect([...ops.add(tensor, 0).array()]).toEqual(numbers);
      tensor.dispose();
    }
    this.#w.dispose();
    return this.#kept.length;
  }
}

it.each([1, 5, 100, 5000])("of %i numbers", (size) => {
  let count = 0;
  fc.assert(
    fc.property(fc.array(statement, { minLength: 6, maxLength: 20 }), (program) => {
      const run = new Program(size);
      for (const one of program) run.run(one);
      count += run.check();
    }),
    { numRuns: size > 1000 ? 30 : 100 },
  );
  expect(count).toBeGreaterThan(20);
});
