/** A run with gradients of gradients, with the package that is passed, and the hash of its weights in every runtime. */

type Package = typeof import("gradstep");
type Floats = import("gradstep").Tensor<"float32">;

/** After a change that is meant to change bits: paste the hash that the failure shows. */
export const SECOND_ORDER_HASH = "21722f8e407313c8bf7f7119d3539c1df0db1e21bd9af4ef43ecc80844e67e0d";

/**
 * A generator and a critic with a gradient penalty, whose networks have convolutions, normalization and functions from
 * libm; then products of Hessians, a Jacobian and forward mode.
 */
export function secondOrderRun(gradstep: Package): Float32Array[] {
  const { Adam, ForwardAccumulator, GradientTape, hvp, layers, ops, random, Sequential, setRandomSeed } = gradstep;
  setRandomSeed(17);
  const critic = new Sequential([
    new layers.Conv2D(4, 3, { activation: "gelu", padding: "same", inputShape: [4, 4, 2] }),
    new layers.AveragePooling2D(2),
    new layers.Flatten(),
    new layers.LayerNormalization(),
    new layers.Dense(8, { activation: "mish" }),
    new layers.Dense(1),
  ]);
  const generator = new Sequential([
    new layers.Dense(12, { activation: "softplus", inputShape: [3] }),
    new layers.Dense(32, { activation: "tanh" }),
    new layers.Reshape([4, 4, 2]),
  ]);
  const optimizers = [0, 1].map(() => new Adam({ learningRate: 0.01, beta1: 0.5 }));
  const made = () => generator.apply(random.normal([6, 3]));
  const losses: number[] = [];
  const step = (at: 0 | 1, loss: () => Floats) => {
    const { trainableVariables } = at === 0 ? critic : generator;
    const tape = new GradientTape();
    const value = tape.run(loss);
    optimizers[at]?.apply(tape.gradient(value, trainableVariables), trainableVariables);
    losses.push(value.item());
  };
  const penalty = (x: Floats) => {
    const tape = new GradientTape();
    tape.watch(x);
    const slope = tape.gradient(
      tape.run(() => critic.apply(x)),
      x,
    ) as Floats;
    const norms = ops.sqrt(ops.add(ops.sum(ops.square(slope), { axis: [1, 2, 3] }), 1e-12));
    return ops.mean(ops.square(ops.subtract(norms, 1)));
  };
  for (let turn = 0; turn < 20; turn++) {
    step(0, () => {
      const [real, fake] = [random.uniform([6, 4, 4, 2]), ops.stopGradient(made())];
      const distance = ops.subtract(ops.mean(critic.apply(fake)), ops.mean(critic.apply(real)));
      return ops.add(distance, ops.multiply(penalty(ops.multiply(ops.add(real, fake), 0.5)), 10));
    });
    step(1, () => ops.negative(ops.mean(critic.apply(made()))));
  }
  const weights = critic.trainableVariables;
  const along = weights.map(({ shape }) => random.normal(shape));
  const x = random.uniform([6, 4, 4, 2]);
  const loss = () => ops.mean(ops.square(critic.apply(x)));
  const products = hvp(loss, weights, along);
  const accumulator = new ForwardAccumulator(weights, along);
  const outputs = accumulator.run(() => critic.apply(x));
  const forward = accumulator.jvp(outputs) as Floats;
  const tape = new GradientTape();
  tape.watch(x);
  const jacobian = tape.jacobian(
    tape.run(() => critic.apply(x)),
    x,
  ) as Floats;
  const all = [...weights, ...generator.trainableVariables, ...products, forward, jacobian];
  return [Float32Array.from(losses), ...all.map((one) => one.array())];
}
