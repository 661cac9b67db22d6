/**
 * Objects in a reactive state, as Vue's, which wraps whatever is read from it in a proxy: ours are left as they are,
 * because a proxy has no private fields.
 */

import { expect, it } from "vitest";
import { Adam, GradientTape, layers, losses, metrics, ops, Sequential, tensor, Variable } from "../../ts/index.js";

/** As Vue does: objects that are marked, or of the platform's classes, stay as they are. */
function reactive<T extends object>(target: T): T {
  const isMarked = (target as { __v_skip?: unknown }).__v_skip === true;
  const type = Object.prototype.toString.call(target).slice(8, -1);
  if (isMarked || !Object.isExtensible(target) || !/^(Object|Array)$/.test(type)) return target;
  return new Proxy(target, {
    get(from, key, receiver) {
      const value: unknown = Reflect.get(from, key, receiver);
      return typeof value === "object" && value !== null ? reactive(value) : value;
    },
  });
}

it("models, optimizers, variables, tensors, tapes, losses and metrics work inside of it", async () => {
  const state = reactive({
    model: new Sequential([new layers.Dense(1, { inputShape: [2], kernelInitializer: "ones" })]),
    optimizer: new Adam({ learningRate: 1 }),
    inner: { w: new Variable([1, 2]), g: tensor([1, 1]) },
    tape: new GradientTape(),
    loss: new losses.MeanSquaredError(),
    metric: new metrics.Mean(),
    data: [
      [1, 2],
      [3, 4],
    ],
  });
  state.model.compile({ optimizer: "sgd", loss: "mse" });
  expect((await state.model.predict(state.data)).array()).toEqual(Float32Array.of(3, 7));
  await state.model.fit(state.data, [[1], [2]], { verbose: 0 });
  state.optimizer.applyGradients([[state.inner.g, state.inner.w]]);
  expect(Math.round(state.inner.w.value[0] as number)).toBe(0);
  const { w } = state.inner;
  w.assign([3, 4]);
  const y = state.tape.run(() => ops.sum(ops.square(w)));
  expect(state.tape.gradient(y, w)?.array()).toEqual(Float32Array.of(6, 8));
  expect(state.loss.apply([[0]], [[2]]).item()).toBe(4);
  expect(state.metric.apply([1, 3])).toBe(2);
});

it("a proxy of a typed array, which has no numbers of its own, is refused as data of every kind", async () => {
  const values = () => new Proxy(Float32Array.of(1), {});
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones" })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const silent = { verbose: 0 } as const;
  const calls: (() => unknown)[] = [
    () => model.predict(values()),
    () => model.evaluate(values(), values()),
    () => model.fit(values(), values(), silent),
    () => model.fit([[1]], values(), silent),
    () => model.fit([[1]], [[1]], { ...silent, validationData: [values(), [[1]]] }),
    () => model.fit([[1]], [[1]], { ...silent, sampleWeight: values() }),
    () => model.fit([[values(), values()]].values() as never, undefined, silent),
    () => model.trainOnBatch(values(), [[1]]),
  ];
  for (const call of calls) {
    const error: unknown = await Promise.resolve()
      .then(call)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ERR_VALUES_DTYPE" });
    expect((error as Error).message).toMatch(/expected numbers .* got an object \(Float32Array\)/);
  }
  expect((await model.predict([[2]])).array()).toEqual(Float32Array.of(2));
});

it("a plain proxy of a tensor or a variable is refused by whatever reads it, and never counts as one that was not recorded", () => {
  const proxy = <T extends object>(of: T): T => new Proxy(of, {});
  const w = new Variable([1, 2]);
  const optimizer = new Adam();
  const tape = new GradientTape({ persistent: true });
  const y = tape.run(() => ops.sum(ops.square(w)));
  const tensors: (() => unknown)[] = [
    () => ops.add(proxy(tensor([1, 2])), 1),
    () => proxy(tensor([1])).array(),
    () => proxy(tensor([1])).value,
    () => proxy(tensor([1])).item(),
    () => proxy(tensor([1])).dispose(),
    () => optimizer.apply([proxy(tensor([1, 2]))], [w]),
    () => tape.gradient(proxy(y), w),
    () => tape.watch(proxy(tensor([1]))),
    () => new losses.MeanSquaredError().apply([[1]], proxy(tensor([[1]]))),
    () => new metrics.Mean().updateState(proxy(tensor([1]))),
  ];
  const variables: (() => unknown)[] = [
    () => ops.multiply(proxy(w), 2),
    () => proxy(w).array(),
    () => proxy(w).value,
    () => proxy(w).assign([3, 4]),
    () => proxy(w).dispose(),
    () => optimizer.build([proxy(w)]),
    () => optimizer.apply([[1, 1]], [proxy(w)]),
    () => tape.gradient(y, proxy(w)),
    () => tape.gradient(y, [w, proxy(w)]),
  ];
  for (const [what, calls] of [
    ["tensor", tensors],
    ["variable", variables],
  ] as const) {
    for (const call of calls) {
      const message = `A proxy of a ${what} has no numbers: pass the ${what} itself.`;
      expect(call, String(call)).toThrow(expect.objectContaining({ code: "ERR_OPTION_TYPE", message }));
    }
  }
  expect(w.array()).toEqual(Float32Array.of(1, 2));
  expect(optimizer.iterations).toBe(0);
  expect(tape.gradient(y, w)?.array()).toEqual(Float32Array.of(2, 4));
});
