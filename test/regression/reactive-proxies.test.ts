/**
 * Objects in a reactive state such as Vue's, which wraps each value that is read from it in a proxy: ours are not wrapped,
 * because a proxy has no private fields.
 */

import { expect, it, vi } from "vitest";
import { Adam, GradientTape, layers, losses, metrics, ops, Sequential, tensor, Variable } from "../../ts/index.js";
import { MADE_CLASSES, NEEDED } from "../support/public-classes.js";

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

it("a proxy of a typed array, which has no numbers, is refused as data of every kind", async () => {
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
      const message = `Pass the ${what} itself, not a proxy (toRaw, markRaw).`;
      expect(call, String(call)).toThrow(expect.objectContaining({ code: "ERR_OPTION_TYPE", message }));
    }
  }
  expect(w.array()).toEqual(Float32Array.of(1, 2));
  expect(optimizer.iterations).toBe(0);
  expect(tape.gradient(y, w)?.array()).toEqual(Float32Array.of(2, 4));
});

it("a plain proxy of a model, a layer or an optimizer is refused by its methods, and by whatever is given it", async () => {
  const proxy = <T extends object>(of: T): T => new Proxy(of, {});
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones" })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const w = new Variable([1]);
  const calls: Record<"model" | "layer" | "optimizer", (() => unknown)[]> = {
    model: [
      () => proxy(model).fit([[1]], [[1]], { verbose: 0 }),
      () => proxy(model).evaluate([[1]], [[1]], { verbose: 0 }),
      () => proxy(model).predict([[1]]),
      () => proxy(model).trainOnBatch([[1]], [[1]]),
      () => proxy(model).testOnBatch([[1]], [[1]]),
      () => proxy(model).apply([[1]]),
      () => proxy(model).compile("sgd", "mse"),
      () => proxy(model).add(new layers.Dense(1)),
      () => proxy(model).pop(),
      () => proxy(model).layers,
      () => proxy(model).getLayer(null, 0),
      () => proxy(model).summary(() => {}),
      () => proxy(model).trainableWeights,
      () => proxy(model).getWeights(),
      () => proxy(model).setWeights([]),
      () => proxy(model).optimizer,
      () => {
        proxy(model).stopTraining = true;
      },
      () => proxy(model).dispose(),
    ],
    layer: [
      () => proxy(new layers.Dense(1)).apply([[1]]),
      () => proxy(new layers.Dense(1)).weights,
      () => proxy(new layers.Dense(1)).getConfig(),
    ],
    optimizer: [
      () => proxy(new Adam()).apply([[1]], [w]),
      () => proxy(new Adam()).applyGradients([[[1], w]]),
      () => proxy(new Adam()).minimize(() => ops.sum(w), [w]),
      () => proxy(new Adam()).built,
      () => {
        const other = new Sequential([new layers.Dense(1, { inputShape: [1] })]);
        other.compile({ optimizer: proxy(new Adam()), loss: "mse" });
        return other.fit([[1]], [[1]], { verbose: 0 });
      },
    ],
  };
  for (const [what, list] of Object.entries(calls)) {
    for (const call of list) {
      const error: unknown = await Promise.resolve()
        .then(call)
        .catch((reason: unknown) => reason);
      const message = `Pass the ${what} itself, not a proxy (toRaw, markRaw).`;
      expect(error, String(call)).toMatchObject({ code: "ERR_OPTION_TYPE", message });
    }
  }
  expect(model.getWeights()[0]?.data).toEqual(Float32Array.of(1));
});

/** Not public: internal, or written by subclasses and called by the framework. */
const NOT_CALLED =
  /^(step|numbers|exchange|inputPorts|inputCount|uncheckedCall|outputShapesFor|checksAll|inputRanges|outputLayers|call|forward|shapeBehind|arranged|outputKeys|saved|buildUndo|stateUndo|graph|sublayers|takesList|whenStopped|joinReplicas|checkFit|compileOptions|metricDirection|needsLabels|refused|builtShape|ensureBuilt|regularizationLosses|addWeight|ownPenalties|followers|trained|decayExclusions|checkUpdate|update|updateAlone|busy|secondSide|decayFactor|settleWeights|addGammaAndBeta|normConfig|addWeights|activated|kernelConfig|values|fresh|rest|drawSeed|on[A-Z].*|monitored|isBetter)$/;

/** Arguments that most methods take in some call. */
const GIVEN: readonly (readonly unknown[])[] = [
  [],
  [[1, 2]],
  [0],
  [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [() => undefined],
  [[null, 2]],
];

/** Members of an object's classes, getters as calls without arguments, setters as calls of one. */
function membersOf(object: object): [name: string, call: (on: object, given: readonly unknown[]) => unknown][] {
  const found = new Map<string, (on: object, given: readonly unknown[]) => unknown>();
  for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value, set }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name === "constructor" || NOT_CALLED.test(name) || found.has(name)) continue;
      if (typeof value === "function") {
        found.set(name, (on, given) => Reflect.apply(Reflect.get(on, name), on, given));
      } else {
        found.set(name, (on, given) => {
          if (given.length === 1 && set !== undefined) Reflect.set(on, name, given[0], on);
          return Reflect.get(on, name);
        });
      }
    }
  }
  return [...found];
}

it.each(MADE_CLASSES)("a proxy of %s: what its members throw has a code", async (_, name, made) => {
  for (const way of ["log", "warn"] as const) vi.spyOn(console, way).mockImplementation(() => undefined);
  const fresh = () => new made(...(NEEDED[name] ?? []));
  for (const [member, call] of membersOf(fresh())) {
    for (const given of GIVEN) {
      const thrownOn = (object: object) =>
        Promise.resolve()
          .then(() => call(object, given))
          .then(
            () => undefined,
            (error: { code?: string }) => error,
          );
      const error = await thrownOn(new Proxy(fresh(), {}));
      if (error === undefined || error.code !== undefined) continue;
      // A value that any such object refuses in this way, such as a hook without its arguments.
      const itself = await thrownOn(fresh());
      expect(itself?.code === undefined ? itself : undefined, `${member}: ${String(error)}`).toBeDefined();
    }
  }
});
