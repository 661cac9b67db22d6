/**
 * Loops that run in the library and in plain JavaScript: every value has the right numbers.
 */

import { expect } from "vitest";
import {
  DisposedError,
  GradientTape,
  layers,
  metrics,
  ops,
  Sequential,
  SGD,
  type Tensor,
  tensor,
  tidy,
  Variable,
} from "../../ts/index.js";
import { leaveAll, settle } from "../../ts/runtime/loose.js";
import { refusal } from "./refusal.js";

/** A statement of a turn. `a` and `b` select earlier values, `v` selects a variable. */
export type Statement =
  | { readonly do: "operation"; readonly name: keyof typeof OPERATIONS; readonly a: number; readonly b: number }
  | ({ readonly do: "tape"; readonly v: number; readonly a: number; readonly form: keyof typeof FORMS } & Asking)
  | { readonly do: "tidy"; readonly body: readonly Statement[] }
  | { readonly do: "keep" | "metric" | "model" | "data"; readonly a: number }
  | { readonly do: "throw" | "late" | "moveOut" };

interface Asking {
  readonly body: readonly Statement[];
  readonly ask: "at once" | "twice" | "late" | "never";
  readonly after: "step" | "assign" | "nothing";
}

const f = Math.fround;
const each = (make: (i: number) => number, size: number) => Float32Array.from({ length: size }, (_, i) => make(i));

export const OPERATIONS = {
  add: [ops.add, (x: number, y: number) => f(x + y)],
  subtract: [ops.subtract, (x: number, y: number) => f(x - y)],
  maximum: [ops.maximum, (x: number, y: number) => Math.max(x, y)],
} as const;

/** Losses of a variable and a constant, and their gradients. */
export const FORMS = {
  product: [(w: Variable, c: Tensor) => ops.sum(ops.multiply(w, c)), (_: Float32Array, c: Float32Array) => c.slice()],
  square: [
    (w: Variable, c: Tensor) => ops.sum(ops.multiply(ops.square(w), c)),
    (w: Float32Array, c: Float32Array) => each((i) => f(2 * (w[i] as number) * (c[i] as number)), w.length),
  ],
  parts: [
    (w: Variable, c: Tensor) => {
      const rest = w.size - 1;
      const parts = [ops.slice(w, [0, rest], [1, 1]), ops.slice(w, [0, 0], [1, rest])];
      return ops.sum(ops.multiply(ops.concatenate(parts, 1), c));
    },
    (_: Float32Array, c: Float32Array) => new Float32Array([...c.subarray(1), c[0] as number]),
  ],
} as const;

/** Zeros of either sign are one number: a gradient that is a sum may have lost its sign. */
function expectNumbers(got: Float32Array | undefined, right: Float32Array): void {
  const isSame = (x: number, i: number) => x === right[i] || (Number.isNaN(x) && Number.isNaN(right[i]));
  if (got?.length !== right.length || !got.every(isSame)) expect(got).toEqual(right);
}

interface Value {
  readonly tensor: Tensor<"float32">;
  readonly numbers: Float32Array;
  /** Whether it must be readable now. */
  readonly stays: () => boolean;
}

interface Waiting extends Value {
  readonly tape: GradientTape;
  readonly v: number;
  readonly changes: number;
  readonly mustBeThere: () => boolean;
}

/** Values of no more numbers than this stay while they are referenced. */
const SMALL = 64;

/** Runs turns of a program, and checks every value that it reads. */
export class MirroredLoop {
  readonly #size: number;
  readonly #variables: readonly Variable[];
  readonly #mirrors: Float32Array[];
  readonly #changes = [0, 0];
  readonly #optimizers = [new SGD({ learningRate: 0.5 }), new SGD({ learningRate: 0.5 })] as const;
  readonly #model: Sequential;
  #values: Value[] = [];
  #waiting: Waiting[] = [];
  #turn = 0;
  /** Tapes around the running statement. */
  #tapes = 0;
  /** Steps that have ended, and those whose gradient by a variable was computed. */
  readonly #ended = { tape: 0, tidy: 0 };
  readonly #asked = [0, 0];
  /** Reads that were refused. */
  refused = 0;

  constructor(size: number) {
    this.#size = size;
    this.#mirrors = [each((i) => (i % 7) / 4 - 1, size), each((i) => (i % 5) / 8, size)];
    this.#variables = this.#mirrors.map((data) => new Variable(data, { shape: [1, size] }));
    this.#model = new Sequential([new layers.Activation("relu")]);
    this.#outside(tensor(this.#mirrors[0] as Float32Array, [1, size]), this.#mirrors[0] as Float32Array);
  }

  turn(program: readonly Statement[]): void {
    this.#turn++;
    for (const statement of program) this.#run(statement, () => true, false);
    for (const value of this.#values.toReversed()) this.#check(value);
    this.#values = this.#values.slice(-30);
  }

  dispose(): void {
    for (const made of [...this.#variables, ...this.#optimizers]) made.dispose();
  }

  #outside(made: Tensor<"float32">, numbers: Float32Array): void {
    this.#values.push({ tensor: made, numbers: numbers.slice(), stays: () => true });
  }

  #value(at: number): Value {
    return this.#values[at % this.#values.length] as Value;
  }

  #check(value: Value): void {
    try {
      expectNumbers(value.tensor.array(), value.numbers);
    } catch (error) {
      this.#allow(error, [value]);
    }
  }

  /** A typed refusal, of something that may be gone. */
  #allow(error: unknown, used: readonly Value[]): void {
    if (!(error instanceof DisposedError)) throw error;
    expect(error.code).toBe("ERR_STEP_ENDED");
    expect(used.every(({ stays }) => stays() || this.#size <= SMALL)).toBe(false);
    this.refused++;
  }

  #run(statement: Statement, stays: () => boolean, inStep: boolean): void {
    const size = this.#size;
    const add = (made: Tensor<"float32">, numbers: Float32Array) =>
      this.#values.push({ tensor: made, numbers, stays: inStep ? stays : () => true });
    switch (statement.do) {
      case "operation": {
        const [a, b] = [this.#value(statement.a), this.#value(statement.b)];
        const [operation, mirror] = OPERATIONS[statement.name];
        try {
          const made = operation(a.tensor, b.tensor);
          add(
            made,
            each((i) => mirror(a.numbers[i] as number, b.numbers[i] as number), size),
          );
        } catch (error) {
          this.#allow(error, [a, b]);
        }
        return;
      }
      case "keep":
      case "data":
      case "model":
      case "metric": {
        const a = this.#value(statement.a);
        try {
          if (statement.do === "keep") this.#outside(ops.keep(a.tensor), a.numbers);
          else if (statement.do === "data") this.#outside(tensor(a.tensor.value, [1, size]), a.numbers);
          else if (statement.do === "model") {
            add(
              this.#model.apply(a.tensor),
              each((i) => Math.max(0, a.numbers[i] as number), size),
            );
          } else {
            const metric = new metrics.MeanSquaredError();
            metric.updateState(a.numbers, ops.reshape(a.tensor, [-1]));
            expect(metric.result()).toBe(0);
          }
        } catch (error) {
          this.#allow(error, [a]);
        }
        return;
      }
      case "tidy": {
        const turn = this.#turn;
        let last = Number.POSITIVE_INFINITY;
        const own = () => turn === this.#turn && this.#ended.tidy < last + 4;
        tidy(() => {
          for (const inner of statement.body) this.#run(inner, inStep ? stays : own, true);
        });
        if (!inStep) last = ++this.#ended.tidy;
        return;
      }
      case "tape":
        this.#tape(statement, stays, inStep);
        return;
      case "throw": {
        const mine = new RangeError("mine");
        const thrown = refusal(() =>
          new GradientTape().run(() => {
            ops.square(this.#variables[0] as Variable);
            throw mine;
          }),
        );
        expect(thrown).toBe(mine);
        return;
      }
      case "late":
        this.#late();
        return;
      case "moveOut":
        if (inStep) return;
        settle();
        leaveAll();
    }
  }

  #tape(
    { v, a, form, body, ask, after }: Extract<Statement, { do: "tape" }>,
    stays: () => boolean,
    inStep: boolean,
  ): void {
    const [w, mirror] = [this.#variables[v] as Variable, this.#mirrors[v] as Float32Array];
    const turn = this.#turn;
    let [ended, asked] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const own = () => turn === this.#turn && this.#ended.tape < ended + 8 && (this.#asked[v] as number) <= asked + 1;
    const lasts = inStep ? stays : own;
    const tape = new GradientTape({ persistent: ask === "twice" });
    const constant = this.#value(a);
    const [loss, gradientOf] = FORMS[form];
    let target: Tensor<"float32"> | undefined;
    tape.run(() => {
      try {
        target = loss(w, constant.tensor);
      } catch (error) {
        this.#allow(error, [constant]);
      }
      this.#tapes++;
      for (const inner of body) this.#run(inner, lasts, true);
      this.#tapes--;
    });
    if (target === undefined) return;
    const numbers = gradientOf(mirror, constant.numbers);
    if (ask === "late" || ask === "never") {
      const changes = this.#changes[v] as number;
      const mustBeThere = () => turn === this.#turn && lasts() && constant.stays();
      if (ask === "late" && !inStep)
        this.#waiting.push({ tape, tensor: target, numbers, v, changes, stays: own, mustBeThere });
      return;
    }
    const gradient = tape.gradient(target, w) as Tensor<"float32">;
    if (ask === "twice") expectNumbers(tape.gradient(target, w)?.array(), numbers);
    if (!inStep) [ended, asked] = [++this.#ended.tape, this.#count(v)];
    this.#values.push({ tensor: gradient, numbers, stays: lasts });
    expectNumbers(gradient.array(), numbers);
    // A tape around this one would refuse.
    if (after === "nothing" || this.#tapes > 0) return;
    if (after === "step") this.#optimizers[v as 0 | 1].applyGradients([[gradient, w]]);
    else w.assign(each((i) => f((mirror[i] as number) + 1), this.#size));
    this.#mirrors[v] = each(
      (i) => f((mirror[i] as number) + (after === "assign" ? 1 : -f(0.5 * (numbers[i] as number)))),
      this.#size,
    );
    this.#changes[v] = (this.#changes[v] as number) + 1;
  }

  #count(v: number): number {
    this.#asked[v] = (this.#asked[v] as number) + 1;
    return this.#asked[v] as number;
  }

  /** Asks a tape that was recorded before. */
  #late(): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    const { tape, tensor: target, numbers, v, changes, mustBeThere } = waiting;
    const isChanged = this.#changes[v] !== changes;
    try {
      const gradient = tape.gradient(target, this.#variables[v] as Variable) as Tensor<"float32">;
      expect(isChanged).toBe(false);
      expectNumbers(gradient.array(), numbers);
      this.#ended.tape++;
      this.#count(v);
    } catch (error) {
      if (isChanged && (error as { code?: string }).code === "ERR_TAPE") return;
      if (mustBeThere()) throw error;
      this.#allow(error, [{ ...waiting, stays: () => false }]);
    }
  }
}
