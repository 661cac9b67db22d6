/** Derivatives, Hessians, and whole runs with gradients of gradients, against JAX in float64. */

import { describe, expect, it } from "vitest";
import {
  Adam,
  activations,
  ForwardAccumulator,
  GradientTape,
  hvp,
  ops,
  SGD,
  type Tensor,
  tensor,
  Variable,
} from "../../ts/index.js";
import golden from "../golden/training/second-order.json" with { type: "json" };
import { expectClose, type GoldenArray, numbers, tensorOf } from "../support/training-vectors.js";

type Floats = Tensor<"float32">;
type Weights = readonly Variable[];
type Loss = () => Floats;

const casesOf = <T>(kind: string) => golden.cases.filter((one) => one.kind === kind) as unknown as readonly T[];
const only = <T>(kind: string) => casesOf<T>(kind)[0] as T;
const variables = (arrays: readonly GoldenArray[]) =>
  arrays.map((array) => new Variable(numbers(array), { shape: array.shape }));
const floats = (array: GoldenArray) => tensorOf(array) as Floats;

function expectAll(
  what: string,
  got: readonly { array(): ArrayLike<number> }[],
  expected: readonly GoldenArray[],
  tolerance = golden.tolerance,
) {
  expect(got.length).toBe(expected.length);
  got.forEach((one, i) => {
    expectClose(`${what} ${i}`, one.array(), numbers(expected[i] as GoldenArray), tolerance, golden.floor);
  });
}

/** Adam divides by the root of a mean square: where gradients are small, it amplifies their rounding. */
const AFTER_ADAM = 2e-4;

function gradients(loss: Loss, weights: readonly (Variable | Tensor)[]): { value: Floats; found: Floats[] } {
  const tape = new GradientTape();
  tape.watch(weights as Tensor[]);
  const value = tape.run(loss);
  return { value, found: tape.gradient(value, weights as Variable[], { unconnectedGradients: "zero" }) as Floats[] };
}

/** The derivative of `f(x)` by `x`, element by element. */
function derivative(f: (x: Tensor) => Floats): (x: Tensor) => Floats {
  return (x) => gradients(() => f(x), [x]).found[0] as Floats;
}

const elementwise = { ...activations, ...ops } as unknown as Record<string, (x: Tensor, option?: false) => Floats>;

describe.each(casesOf<{ id: string; x: GoldenArray; orders: GoldenArray[] }>("function"))(
  "$id",
  ({ id, x, orders }) => {
    it("has the derivatives of orders 0 to 3", () => {
      // Of gelu, the exact one.
      let f = (at: Tensor) => (id === "gelu" ? ops.gelu(at, false) : (elementwise[id]?.(at) as Floats));
      orders.forEach((expected, order) => {
        expectAll(`order ${order}`, [f(floats(x))], [expected]);
        f = derivative(f);
      });
    });
  },
);

type Network = (x: Floats, weights: Weights) => Floats;

const dense = (f: (z: Floats) => Floats): Network => {
  return (x, [k, b, l, c]) => ops.add(ops.matmul(f(ops.add(ops.matmul(x, k!), b!)), l!), c!);
};

const NETWORKS: Record<string, Network> = {
  gelu: dense((z) => ops.gelu(z, false)),
  softplus: dense((z) => ops.softplus(z)),
  sigmoid: dense((z) => ops.sigmoid(z)),
  layerNormalization: dense((z) => ops.tanh(ops.layerNormalization(z, null, null, { epsilon: 1e-3 }))),
  convolution: (x, [kernel, bias, last]) => {
    const pooled = ops.averagePool2d(ops.silu(ops.conv2d(x, kernel!, { padding: "same", bias: bias! })), 2);
    return ops.matmul(ops.reshape(pooled, [x.shape[0]!, -1]), last!);
  },
  attention: (x, [q, k, v, last]) => {
    const scores = ops.softmax(ops.divide(ops.matmul(ops.matmul(x, q!), ops.matmul(x, k!), false, true), 2));
    return ops.matmul(ops.mean(ops.matmul(scores, ops.matmul(x, v!)), { axis: 1 }), last!);
  },
};

const crossentropy = (labels: GoldenArray, logits: Floats) =>
  ops.mean(ops.sparseSoftmaxCrossEntropy(tensorOf(labels), logits));

interface HessianCase {
  id: string;
  x: GoldenArray;
  labels: GoldenArray;
  weights: GoldenArray[];
  along: GoldenArray[];
  gradient: GoldenArray[];
  product: GoldenArray[];
  hessian: GoldenArray;
}

describe.each(casesOf<HessianCase>("hessian"))("crossentropy of a network: $id", (one) => {
  const weights = variables(one.weights);
  const along = one.along.map(floats);
  const loss = () => crossentropy(one.labels, NETWORKS[one.id]!(floats(one.x), weights));

  it("has the Hessian of JAX", () => {
    const outer = new GradientTape({ persistent: true });
    const found = outer.run(() => gradients(loss, weights).found);
    expectAll("gradient", found, one.gradient);
    const sizes = weights.map(({ size }) => size);
    const total = sizes.reduce((a, b) => a + b, 0);
    const rows = found.map((gradient) => outer.jacobian(gradient, weights, { unconnectedGradients: "zero" }));
    outer.dispose();
    const hessian = new Float32Array(total * total);
    let row = 0;
    rows.forEach((blocks, i) => {
      let column = 0;
      blocks.forEach((block, j) => {
        const values = (block as Tensor).array();
        for (let r = 0; r < sizes[i]!; r++) {
          hessian.set(values.subarray(r * sizes[j]!, (r + 1) * sizes[j]!), (row + r) * total + column);
        }
        column += sizes[j]!;
      });
      row += sizes[i]!;
    });
    expectAll("Hessian", [tensor(hessian)], [one.hessian]);
  });

  it("has the jvp of the gradient: by two tapes, and by forward mode around a tape", () => {
    expectAll("hvp", hvp(loss, weights, along), one.product);
    const accumulator = new ForwardAccumulator(weights, along);
    const found = accumulator.run(() => gradients(loss, weights).found);
    expectAll("jvp", accumulator.jvp(found, { unconnectedGradients: "zero" }) as Floats[], one.product);
  });
});

/** Steps of an optimizer on losses, each with those before the steps. */
function train(optimizer: Adam | SGD, weights: Weights, loss: Loss): { value: number; found: Floats[] } {
  const { value, found } = gradients(loss, weights);
  const first = found.map((gradient) => ops.keep(gradient));
  optimizer.apply(found, weights);
  return { value: value.item(), found: first };
}

const layer = (x: Floats, weights: Weights, at: number) => ops.add(ops.matmul(x, weights[at]!), weights[at + 1]!);

it("a physics-informed network has the losses and the weights of JAX after 200 steps", () => {
  type Pinn = Record<"weights" | "gradient" | "trained", GoldenArray[]> &
    Record<"x" | "source" | "losses", GoldenArray>;
  const one = only<Pinn>("pinn");
  const weights = variables(one.weights);
  const u = (x: Floats) => layer(ops.tanh(layer(ops.tanh(layer(x, weights, 0)), weights, 2)), weights, 4);
  const [x, source] = [floats(one.x), floats(one.source)];
  const loss = () => {
    const residual = ops.subtract(derivative(derivative(u as (x: Tensor) => Floats))(x), source);
    const ends = ops.mean(ops.square(u(tensor([[-1], [1]]))));
    return ops.add(ops.mean(ops.square(residual)), ops.multiply(ends, 100));
  };
  const optimizer = new Adam({ learningRate: 0.005 });
  const steps = numbers(one.losses).length;
  const taken = Array.from({ length: steps }, () => train(optimizer, weights, loss));
  expectAll("gradient", taken[0]!.found, one.gradient);
  expectAll("losses", [tensor(taken.map(({ value }) => value))], [one.losses]);
  expectAll("weights", weights, one.trained, AFTER_ADAM);
});

it("a critic with a gradient penalty, and its generator, have the losses and weights of JAX", () => {
  type Gan = Record<"critic" | "generator" | "gradient" | "trained", GoldenArray[]>;
  const one = only<Gan & { turns: GoldenArray[][]; losses: GoldenArray }>("wganGp");
  const [critic, generator] = [variables(one.critic), variables(one.generator)];
  const judge = (x: Floats) => layer(ops.silu(layer(ops.silu(layer(x, critic, 0)), critic, 2)), critic, 4);
  const made = (z: Floats) => layer(ops.tanh(layer(z, generator, 0)), generator, 2);
  const optimizers = [0, 1].map(() => new Adam({ learningRate: 0.01, beta1: 0.5, beta2: 0.9 }));
  const losses = one.turns.flatMap((turn, i) => {
    const [real, z, share] = turn.map(floats) as [Floats, Floats, Floats];
    const step = train(optimizers[0]!, critic, () => {
      const fake = ops.stopGradient(made(z)) as Floats;
      const between = ops.add(ops.multiply(share, real), ops.multiply(ops.subtract(1, share), fake));
      const slopes = derivative(judge as (x: Tensor) => Floats)(between);
      const norms = ops.sqrt(ops.add(ops.sum(ops.square(slopes), { axis: 1 }), 1e-12));
      const penalty = ops.multiply(ops.mean(ops.square(ops.subtract(norms, 1))), 10);
      return ops.add(ops.subtract(ops.mean(judge(fake)), ops.mean(judge(real))), penalty);
    });
    if (i === 0) expectAll("gradient", step.found, one.gradient);
    const other = train(optimizers[1]!, generator, () => ops.negative(ops.mean(judge(made(z)))));
    return [step.value, other.value];
  });
  expectAll("losses", [tensor(losses)], [one.losses]);
  expectAll("weights", [...critic, ...generator], one.trained, AFTER_ADAM);
});

it("steps through two steps of gradient descent, as in MAML, have the losses and weights of JAX", () => {
  type Maml = Record<"weights" | "gradient" | "trained", GoldenArray[]> & {
    tasks: GoldenArray[][];
    losses: GoldenArray;
  };
  const one = only<Maml>("maml");
  const weights = variables(one.weights);
  const network = dense((z) => ops.tanh(z));
  const optimizer = new SGD({ learningRate: 0.1 });
  const losses = one.tasks.map(([x, labels, later, laterLabels], i) => {
    const step = train(optimizer, weights, () => {
      let inner: readonly (Variable | Tensor)[] = weights;
      for (let turn = 0; turn < 2; turn++) {
        const { found } = gradients(() => crossentropy(labels!, network(floats(x!), inner as Weights)), inner);
        inner = inner.map((weight, j) => ops.subtract(weight, ops.multiply(found[j]!, 0.5)));
      }
      return crossentropy(laterLabels!, network(floats(later!), inner as Weights));
    });
    if (i === 0) expectAll("gradient", step.found, one.gradient);
    return step.value;
  });
  expectAll("losses", [tensor(losses)], [one.losses]);
  expectAll("weights", weights, one.trained);
});
