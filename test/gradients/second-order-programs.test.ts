/** Gradients of gradients of random programs, in every order of tapes, against JAX in float64. */

import { expect, it } from "vitest";
import { ForwardAccumulator, GradientTape, hvp, ops, type Tensor, Variable } from "../../ts/index.js";
import golden from "../golden/training/second-order-programs.json" with { type: "json" };
import { C, compute, type Node } from "../support/second-order-programs.js";
import { expectClose, type GoldenArray, numbers, tensorOf } from "../support/training-vectors.js";

type Floats = Tensor<"float32">;
type Operand = Floats | Variable;
type Pair = readonly [Operand, Operand];

interface Program {
  readonly question: string;
  readonly nodes: readonly Node[];
  /** Number of the value that is a source in some questions. */
  readonly middle: number;
  readonly weights: readonly GoldenArray[];
  readonly vectors: readonly GoldenArray[];
  readonly expected: readonly GoldenArray[];
}

/** A program, its two weights, and a direction for each. */
interface Asked extends Pick<Program, "nodes" | "middle"> {
  readonly w: readonly [Variable, Variable];
  readonly v: readonly Floats[];
}

const ZERO = { unconnectedGradients: "zero" } as const;

function last({ nodes }: Asked, w: Pair): Floats {
  const values: Operand[] = [...w];
  compute(nodes, values);
  return ops.multiply(values.at(-1) as Floats, C);
}

const loss = (one: Asked, w: Pair) => ops.sum(last(one, w));
const squares = (x: Operand) => ops.sum(ops.square(x));
const penalty = (y: Floats, g: Floats, h: Floats) => ops.add(y, ops.add(squares(g), ops.sum(ops.multiply(g, h))));

/** Gradients of what a tape records, which may ask for gradients. */
function gradients(record: () => Floats, sources: Pair): Floats[] {
  const tape = new GradientTape();
  tape.watch(sources as unknown as Floats[]);
  return tape.gradient(tape.run(record), [...sources] as Variable[], ZERO) as Floats[];
}

/** A loss with a penalty on its gradients, by a tape inside. */
function penalized(one: Asked): Floats {
  const inner = new GradientTape();
  const y = inner.run(() => loss(one, one.w));
  const [g, h] = inner.gradient(y, one.w, ZERO) as [Floats, Floats];
  return penalty(y, g, h);
}

const ofMiddle = (g: Floats, x: Operand) => ops.add(ops.sum(ops.multiply(ops.square(g), x)), ops.sum(g));

/** By the question's name in second_order_programs.py. */
const QUESTIONS: Readonly<Record<string, (one: Asked) => readonly Floats[]>> = {
  "penalty on one tape": (one) => {
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(() => {
      const y = loss(one, one.w);
      const [g, h] = tape.gradient(y, one.w, ZERO) as [Floats, Floats];
      return penalty(y, g, h);
    });
    return tape.gradient(y, one.w, ZERO) as Floats[];
  },
  "penalty on two tapes": (one) => gradients(() => penalized(one), one.w),
  "penalty by two questions": (one) =>
    gradients(() => {
      const inner = new GradientTape({ persistent: true });
      const y = inner.run(() => loss(one, one.w));
      const [g, h] = one.w.map((w) => inner.gradient(y, w, ZERO) as Floats) as [Floats, Floats];
      inner.dispose();
      return penalty(y, g, h);
    }, one.w),
  "third order": (one) =>
    gradients(() => {
      const [g, h] = gradients(() => penalized(one), one.w) as [Floats, Floats];
      return ops.add(squares(g), squares(h));
    }, one.w),
  Hessian: (one) => {
    const tape = new GradientTape({ persistent: true });
    const g = tape.run(() => gradients(() => loss(one, one.w), one.w)[0] as Floats);
    const found = tape.jacobian(g, one.w, ZERO) as Floats[];
    tape.dispose();
    return found;
  },
  "Hessian by vectors": (one) => hvp(() => loss(one, one.w), [...one.w], [...one.v]),
  "gradient, forward": (one) => {
    const accumulator = new ForwardAccumulator([...one.w], [...one.v]);
    const found = accumulator.run(() => gradients(() => loss(one, one.w), one.w));
    return accumulator.jvp(found, ZERO) as Floats[];
  },
  "tangent, backward": (one) =>
    gradients(() => {
      const accumulator = new ForwardAccumulator([...one.w], [...one.v]);
      return squares(
        accumulator.jvp(
          accumulator.run(() => last(one, one.w)),
          ZERO,
        ) as Floats,
      );
    }, one.w),
  outputGradients: (one) =>
    gradients(() => {
      const [a, b] = one.w;
      const inner = new GradientTape();
      const y = inner.run(() => last(one, one.w));
      const outputGradients = ops.multiply(ops.tanh(b), a);
      return squares(inner.gradient(y, a, { ...ZERO, outputGradients }) as Floats);
    }, one.w),
  "source in the middle": (one) =>
    gradients(() => {
      const values: Operand[] = [...one.w];
      const inner = new GradientTape();
      const y = inner.run(() => {
        compute(one.nodes, values);
        return ops.sum(ops.multiply(values.at(-1) as Floats, C));
      });
      const x = values[one.middle] as Floats;
      return ofMiddle(inner.gradient(y, x, ZERO) as Floats, x);
    }, one.w),
  "watched in the middle": (one) =>
    gradients(() => {
      const values: Operand[] = [...one.w];
      compute(one.nodes.slice(0, one.middle - 1), values);
      const x = values[one.middle] as Floats;
      const inner = new GradientTape({ watchAccessedVariables: false });
      inner.watch(x);
      const y = inner.run(() => {
        compute(one.nodes, values);
        return ops.sum(ops.multiply(values.at(-1) as Floats, C));
      });
      return ofMiddle(inner.gradient(y, x, ZERO) as Floats, x);
    }, one.w),
  Jacobian: (one) =>
    gradients(() => {
      const inner = new GradientTape();
      const y = inner.run(() => last(one, one.w));
      return squares(inner.jacobian(y, one.w[0], ZERO) as Floats);
    }, one.w),
  descent: (one) =>
    gradients(() => {
      let w: Pair = one.w;
      for (let step = 0; step < 2; step++) {
        const found = gradients(() => loss(one, w), w);
        w = w.map((x, i) => ops.subtract(x, ops.multiply(found[i] as Floats, 0.1))) as unknown as Pair;
      }
      return loss(one, w);
    }, one.w),
};

const programs = golden.cases as unknown as readonly Program[];

it("every question has a program", () => {
  expect(new Set(programs.map(({ question }) => question))).toEqual(new Set(Object.keys(QUESTIONS)));
});

it.each(programs.map((program, i) => [`${i}: ${program.question}`, program] as const))("program %s", (_, program) => {
  const w = program.weights.map((array) => new Variable(numbers(array), { shape: array.shape }));
  const one = {
    ...program,
    w: w as [Variable, Variable],
    v: program.vectors.map((array) => tensorOf(array) as Floats),
  };
  const found = QUESTIONS[program.question]!(one);
  expect(found.length).toBe(2);
  found.forEach((gradient, i) => {
    const expected = program.expected[i] as GoldenArray;
    expect(gradient.shape).toEqual(expected.shape);
    expectClose(`gradient ${i}`, gradient.array(), numbers(expected), golden.tolerance, golden.floor);
  });
  for (const variable of w) variable.dispose();
});
