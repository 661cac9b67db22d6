/** Arrays, maps, promises and errors of another realm (a frame, a vm context, Jest) behave like this realm's. */

import { expect, it } from "vitest";
import { getReplicaContext } from "../../ts/distribute/index.js";
import { Adam, GradientTape, losses, metrics, ops, Sequential, SGD, tensor, Variable } from "../../ts/index.js";
import { Dense } from "../../ts/layers/index.js";
import { otherRealm, ownRealm, type Realm } from "../support/realm.js";

const other = otherRealm();

const linear = () => {
  const model = new Sequential([new Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.25 }), loss: "mse" });
  return model;
};
const weights = (model: Sequential) => model.getWeights().map(({ data }) => [...data]);
const QUIET = { shuffle: false, verbose: 0 } as const;

const CASES: Readonly<Record<string, (realm: Realm) => unknown>> = {
  "a variable": ({ float32 }) => [...new Variable(float32([1, 2])).value],
  "a variable of nested numbers": ({ made }) => [...new Variable(made<number[][]>("[[1, 2], [3, 4]]")).value],
  "a variable with a shape": ({ made }) => new Variable([1, 2], { shape: made<number[]>("[2, 1]") }).shape,
  "a tensor of int32": ({ int32 }) => tensor(int32([1, 2])).dtype,
  "a view of our own memory": ({ view: viewOf }) => {
    const { value } = new Variable([1, 2, 3]);
    const view = viewOf(value.buffer, value.byteOffset, 3);
    // It allocates memory, which may grow meanwhile.
    return [...new Variable(view).value, ...tensor(view).value];
  },
  assign: ({ float32 }) => [...new Variable([0, 0]).assign(float32([1, 2])).value],
  applyGradients: ({ float32, made }) => {
    const w = new Variable([1, 2], { name: "w" });
    const pairs = made<(gradient: unknown, variable: unknown) => never>("(g, v) => [[g, v]]");
    new Adam({ learningRate: 0.5 }).applyGradients(pairs(float32([1, 2]), w));
    return [...w.value];
  },
  "a gradient of nested numbers": ({ made }) => {
    const w = new Variable([1, 2], { name: "w" });
    new SGD({ learningRate: 1 }).apply([made<number[]>("[1, 2]")], [w]);
    return [...w.value];
  },
  clipGradients: ({ float32 }) => {
    const w = new Variable([1, 2], { name: "w" });
    const pairs = new SGD({ clipvalue: 1 }).clipGradients([[float32([3, -4]), w]]);
    return pairs.map(([gradient]) => [...(gradient as Float32Array)]);
  },
  "options of another realm": ({ made }) => new SGD(made<object>("({ learningRate: 0.5 })")).learningRate,
  "a model's weights": ({ float32 }) => {
    const model = linear();
    model.setWeights([{ data: float32([3]), shape: [1, 1], dtype: "float32" }]);
    return weights(model);
  },
  "an optimizer's state": ({ float32, int32 }) => {
    const optimizer = new SGD({ learningRate: 1, momentum: 0.5 });
    optimizer.build([new Variable([1], { name: "w" })]);
    const [iterations, rate] = optimizer.getWeights();
    const own = (entry: typeof iterations, data: Float32Array | Int32Array) => ({ ...entry, data }) as never;
    const rest = optimizer.getWeights().slice(2);
    optimizer.setWeights([
      own(iterations, int32([7])),
      own(rate, float32([0.5])),
      ...rest.map((entry) => own(entry, float32([2]))),
    ]);
    return optimizer.getWeights().map(({ data }) => [...data]);
  },
  "fit on typed arrays": async ({ float32 }) => {
    const model = linear();
    const { history } = await model.fit(float32([1, 2]), float32([2, 4]), {
      ...QUIET,
      sampleWeight: float32([1, 2]),
      validationData: [float32([3]), float32([6])],
    });
    return [history, weights(model)];
  },
  "fit on nested numbers": async ({ made }) => {
    const model = linear();
    await model.fit(made<number[][]>("[[1], [2]]"), made<number[][]>("[[2], [4]]"), QUIET);
    return weights(model);
  },
  "fit on int32 labels, with a Map of class weights": async ({ int32, made }) => {
    const model = new Sequential([
      new Dense(2, { inputShape: [1], activation: "softmax", kernelInitializer: "zeros", useBias: false }),
    ]);
    model.compile({ optimizer: new SGD({ learningRate: 1 }), loss: "sparse_categorical_crossentropy" });
    const classWeight = made<Map<number, number>>("new Map([[0, 1], [1, 3]])");
    await model.fit([[1], [1]], int32([0, 1]), { ...QUIET, classWeight });
    return weights(model);
  },
  "fit on batches of a generator": async ({ made }) => {
    const model = linear();
    await model.fit(made<() => never>("async function* () { yield [[[1]], [[2]]]; }"), undefined, QUIET);
    return weights(model);
  },
  "fit on an iterator that gives its batches as promises": async ({ made }) => {
    const model = linear();
    const code =
      "() => { let i = 0; return { [Symbol.asyncIterator]() { return this; }, " +
      "next: async () => (i++ ? { done: true } : { done: false, value: [[[1]], [[2]]] }) }; }";
    await model.fit(made<() => never>(code), undefined, QUIET);
    return weights(model);
  },
  "a callback's promise is waited for": async ({ made }) => {
    const model = linear();
    const order: string[] = [];
    const waits = made<(say: (word: string) => void) => never>(
      "(say) => ({ onEpochBegin: async () => { await null; await null; say('waited'); } })",
    );
    const callbacks = [waits((word) => order.push(word)), { onTrainBatchBegin: () => void order.push("batch") }];
    await model.fit([[1]], [[2]], { ...QUIET, callbacks });
    return order;
  },
  "an error that a callback throws": async ({ made }) => {
    const thrown = made<Error>("new Error('mine')");
    const callbacks = [
      {
        onEpochEnd: () => {
          throw thrown;
        },
      },
    ];
    return (
      (await linear()
        .fit([[1]], [[2]], { ...QUIET, callbacks })
        .catch((error: unknown) => error)) === thrown
    );
  },
  predict: async ({ float32 }) => {
    const model = linear();
    model.setWeights([[[2]]]);
    return [...(await model.predict(float32([1, 2]))).value];
  },
  evaluate: ({ float32 }) => linear().evaluate(float32([1]), float32([2]), { verbose: 0 }),
  trainOnBatch: ({ float32 }) => linear().trainOnBatch(float32([1]), float32([2])),
  metrics: ({ float32, int32 }) => {
    const metric = new metrics.Accuracy();
    metric.updateState(int32([1, 2]), float32([1, 3]), float32([3, 1]));
    return metric.result();
  },
  losses: ({ float32 }) => losses.meanSquaredError(float32([1, 2]), float32([2, 2])).item(),
  operations: ({ float32, int32 }) => [
    ...ops.add(float32([1, 2]), [3, 4]).array(),
    ...ops.take(float32([5, 6]), int32([1])).array(),
  ],
  "targets and sources of a tape": ({ made }) => {
    const w = new Variable([3], { name: "w" });
    const tape = new GradientTape();
    const y = tape.run(() => ops.square(w));
    const sources = made<(variable: unknown) => Variable[]>("(v) => [v]")(w);
    return [...(tape.gradient(y, sources)[0]?.array() ?? [])];
  },
  allReduce: ({ float32, float64, int32, made }) => {
    const list = made<(...entries: unknown[]) => never>("(...entries) => entries");
    const data = [float32([1]), float64([2]), int32([3])] as const;
    return getReplicaContext().allReduce("sum", list(...data)) === undefined ? [] : data.map((entry) => entry[0]);
  },
};

it.each(Object.entries(CASES))("%s", async (_, run) => {
  const expected = await run(ownRealm);
  expect(expected).toBeDefined();
  expect(await run(other)).toEqual(expected);
});

it("arrays of every type are taken as this realm's are", () => {
  for (const { float64, made } of [ownRealm, other]) {
    expect(new Variable(float64([1]) as never).toArray()).toEqual([1]);
    expect(tensor(made("[new Uint8Array([1, 2]), new BigInt64Array([3n, 4n])]") as never).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(() => tensor(made("new ArrayBuffer(8)") as never)).toThrow(/Give its bytes a type/);
  }
});

const DETACHED: Readonly<Record<string, (gone: Float32Array, whole: Int32Array) => unknown>> = {
  "a variable": (gone) => new Variable(gone),
  "a variable of no elements": (gone) => new Variable(gone, { shape: [0] }),
  "a tensor": (gone) => tensor(gone),
  assign: (gone) => new Variable([], { shape: [0] }).assign(gone),
  applyGradients: (gone) => new SGD().applyGradients([[gone, new Variable([1], { name: "w" })]]),
  apply: (gone) => new SGD().apply([gone], [new Variable([1], { name: "w" })]),
  clipGradients: (gone) => new SGD({ clipnorm: 1 }).clipGradients([[gone, new Variable([1], { name: "w" })]]),
  "a model's weights": (gone) => linear().setWeights([gone]),
  "a model's weights, as getWeights gives them": (gone) =>
    linear().setWeights([{ data: gone, shape: [1, 1], dtype: "float32" }]),
  "fit: x": (gone) => linear().fit(gone, [[1]], QUIET),
  "fit: y": (gone) => linear().fit([[1]], gone, QUIET),
  "fit: sampleWeight": (gone) => linear().fit([[1]], [[1]], { ...QUIET, sampleWeight: gone }),
  "fit: validationData": (gone) => linear().fit([[1]], [[1]], { ...QUIET, validationData: [gone, gone] }),
  "fit: a generator's batch": (gone) =>
    linear().fit(
      function* () {
        yield [gone, gone] as const;
      },
      undefined,
      QUIET,
    ),
  predict: (gone) => linear().predict(gone),
  evaluate: (gone) => linear().evaluate(gone, gone, { verbose: 0 }),
  trainOnBatch: (gone) => linear().trainOnBatch(gone, gone),
  updateState: (gone) => new metrics.Accuracy().updateState(gone, gone),
  "updateState: weights": (gone) => new metrics.Accuracy().updateState([1], [1], gone),
  "a loss": (gone) => losses.meanSquaredError(gone, gone),
  "an operation": (gone) => ops.add(gone, gone),
  "indices of an operation": (_, whole) => ops.take([1, 2], whole),
  allReduce: (gone) => getReplicaContext().allReduce("sum", [gone]),
};

it.each(Object.entries(DETACHED))("a detached array is refused by %s", async (_, run) => {
  const [gone, whole] = [new Float32Array([1]), new Int32Array([1])];
  structuredClone(null, { transfer: [gone.buffer, whole.buffer] });
  await expect((async () => run(gone, whole))()).rejects.toMatchObject({
    name: "ValueError",
    code: "ERR_VALUES_DETACHED",
  });
});
