/**
 * User code that runs in the middle of a call (getters, iterators, losses, layers, constraints, schedules, callbacks,
 * gradients) and calls back into the same objects: such a call is refused with a code, or has the right result.
 * Afterwards training continues with the bits of an undisturbed run.
 *
 * Over 300 lines: tables of places and of calls, for one property.
 */

import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  Adam,
  GradientTape,
  layers,
  metrics,
  ops,
  random,
  Sequential,
  setRandomSeed,
  type Tensor,
  tensor,
  Variable,
} from "../../ts/index.js";
import { sharedGenerator } from "../../ts/random/generator.js";
import { bitsOf } from "../support/bytes.js";
import { faultOf, picker } from "../support/hostile.js";

beforeAll(() => {
  for (const name of ["warn", "log"] as const) vi.spyOn(console, name).mockImplementation(() => {});
});
afterAll(() => void vi.restoreAllMocks());

type Act = () => unknown;

const X = [
  [1, 2],
  [3, 4],
];
const Y = [[1], [2]];

/** A layer that runs an act when it is called, or built. */
class Acting extends layers.Layer {
  act: Act | undefined;
  buildAct: Act | undefined;

  override build(shape: readonly (number | null)[]): void {
    this.buildAct?.();
    super.build(shape);
  }

  override call(x: Tensor<"float32">): Tensor<"float32"> {
    this.act?.();
    return ops.multiply(x, 1);
  }
}

/** A compiled model, places in its step where an act may run, and what surrounds it. */
class Scene {
  /** By place: run once, where it is met first. */
  readonly acts = new Map<string, Act>();
  readonly acting = new Acting({ name: "acting" });
  readonly dense = new layers.Dense(1, {
    name: "dense",
    kernelInitializer: "ones",
    kernelRegularizer: (w) => {
      this.run("regularizer");
      return ops.multiply(ops.sum(ops.square(w)), 0.01);
    },
  });
  readonly optimizer = new Adam({
    name: "adam",
    learningRate: () => {
      this.run("learning rate");
      return 0.1;
    },
  });
  readonly model = new Sequential(
    [new layers.Dropout(0.25, { inputShape: [2], seed: 1, name: "dropout" }), this.acting, this.dense],
    {
      name: "model",
    },
  );
  readonly tape = new GradientTape({ persistent: true });
  readonly metric = new metrics.Mean();
  readonly variable = new Variable([1, 2], { name: "variable" });

  constructor() {
    this.acting.act = () => this.run("layer");
    (this.dense.kernel as Variable).constraint = (w) => {
      this.run("constraint");
      return w.value;
    };
    this.model.compile({
      optimizer: this.optimizer,
      loss: (yTrue, yPred) => {
        this.run("loss");
        return ops.square(ops.subtract(yTrue, yPred));
      },
      metrics: [
        (yTrue, yPred) => {
          this.run("metric");
          return ops.abs(ops.subtract(yTrue, yPred));
        },
      ],
    });
  }

  run(place: string): void {
    const act = this.acts.get(place);
    this.acts.delete(place);
    act?.();
  }

  /** Data that run an act when they are read. */
  data(place: string, rows: readonly (readonly number[])[]): never {
    const get = (target: readonly unknown[], key: string | symbol) => {
      if (key === "0") this.run(place);
      return Reflect.get(target, key);
    };
    return new Proxy([...rows], { get }) as never;
  }

  /** All bits that training depends on. */
  bits(): string {
    const held = [...this.model.weights, ...this.optimizer.variables];
    return [...held.map((one) => bitsOf(one.array()).join()), sharedGenerator().state].join(";");
  }
}

/** Places in which acts run. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  trainOnBatch: ["data", "labels", "layer", "loss", "regularizer", "metric", "learning rate", "constraint"],
  fit: ["data", "layer", "loss", "onTrainBatchEnd", "onEpochEnd"],
  "apply of the model": ["data", "layer"],
  "optimizer.apply": ["data", "learning rate", "constraint"],
  minimize: ["loss of minimize", "learning rate", "constraint"],
  "a tape": ["body", "gradient"],
  "a metric": ["data", "weights"],
  "a build": ["build"],
  add: ["build"],
};

async function host(scene: Scene, name: string): Promise<unknown> {
  const { model, optimizer, tape, metric, variable, dense } = scene;
  const kernel = dense.kernel as Variable;
  switch (name) {
    case "trainOnBatch":
      return model.trainOnBatch(scene.data("data", X), scene.data("labels", Y));
    case "fit":
      return model.fit(scene.data("data", X), scene.data("labels", Y), {
        verbose: 0,
        shuffle: false,
        callbacks: [{ onTrainBatchEnd: () => scene.run("onTrainBatchEnd"), onEpochEnd: () => scene.run("onEpochEnd") }],
      });
    case "apply of the model":
      return model.apply(scene.data("data", X));
    case "optimizer.apply":
      return optimizer.apply([scene.data("data", [[1], [1]]), [1]], [kernel, dense.bias as Variable]);
    case "minimize":
      return optimizer.minimize(() => {
        scene.run("loss of minimize");
        return ops.sum(kernel);
      }, [kernel, dense.bias as Variable]);
    case "a tape": {
      const own = ops.customGradient((x) => [
        ops.square(x),
        (dy) => {
          scene.run("gradient");
          return ops.multiply(dy, 7);
        },
      ]);
      const y = tape.run(() => {
        scene.run("body");
        return own(variable);
      });
      expect([...(tape.gradient(y, variable) as Tensor).array()]).toEqual([7, 7]);
      return undefined;
    }
    case "a metric":
      metric.resetState();
      return metric.updateState(scene.data("data", [[1], [3]]), scene.data("weights", [[1], [1]]));
    case "a build": {
      const layer = new Acting();
      layer.buildAct = () => scene.run("build");
      return layer.apply(X);
    }
    default: {
      const layer = new Acting();
      layer.buildAct = () => scene.run("build");
      const other = new Sequential([new layers.Dense(2, { inputShape: [2] })]);
      scene.acts.set(
        "build",
        wrapped(scene.acts.get("build"), () => other.add(new layers.Dense(1))),
      );
      expect(() => other.add(layer)).toThrow(expect.objectContaining({ code: "ERR_BUSY" }));
      expect(other.layers.length).toBe(1);
      return undefined;
    }
  }
}

const wrapped =
  (act: Act | undefined, also: Act): Act =>
  () => {
    act?.();
    also();
  };

/** Calls made from inside another call. */
const ACTS: Readonly<Record<string, (scene: Scene) => unknown>> = {
  trainOnBatch: ({ model }) => model.trainOnBatch(X, Y),
  testOnBatch: ({ model }) => model.testOnBatch(X, Y),
  fit: ({ model }) => model.fit(X, Y, { verbose: 0 }),
  evaluate: ({ model }) => model.evaluate(X, Y, { verbose: 0 }),
  predict: ({ model }) => model.predict(X),
  "apply of the model": ({ model }) => model.apply(X),
  compile: ({ model }) => model.compile({ optimizer: "sgd", loss: "mse" }),
  add: ({ model }) => model.add(new layers.Flatten()),
  pop: ({ model }) => model.pop(),
  build: ({ model }) => model.build([null, 2]),
  setWeights: ({ model }) => model.setWeights(model.getWeights()),
  "optimizer.apply": ({ optimizer, dense }) =>
    optimizer.apply([[[9], [9]], [9]], [dense.kernel as Variable, dense.bias as Variable]),
  minimize: ({ optimizer, dense }) =>
    optimizer.minimize(() => ops.sum(dense.kernel as Variable), [dense.kernel as Variable]),
  "optimizer.build": ({ optimizer, variable }) => optimizer.build([variable]),
  "optimizer.setWeights": ({ optimizer }) => optimizer.setWeights(optimizer.getWeights()),
  "optimizer.dispose": ({ optimizer }) => optimizer.dispose(),
  "tape.run": ({ tape, variable }) => tape.run(() => ops.square(variable)),
  "tape.gradient": ({ tape, variable }) => tape.gradient(tensor([1]), variable),
  "tape.reset": ({ tape }) => tape.reset(),
  "tape.dispose": ({ tape }) => tape.dispose(),
  "tape.watch": ({ tape, variable }) => tape.watch(variable),
  "another tape": ({ variable }) => {
    const tape = new GradientTape();
    return tape.gradient(
      tape.run(() => ops.square(variable)),
      variable,
    );
  },
  "metric.updateState": ({ metric }) => metric.updateState([5]),
  "metric.resetState": ({ metric }) => metric.resetState(),
  "the layer's apply": ({ dense }) => dense.apply(X),
  "memory grows": () => tensor(new Float32Array(2_000_000)).dispose(),
  "random numbers": () => random.uniform([4]),
};

/** Whether an act must be refused in a place because it would corrupt the outer call. */
function isBusy(call: string, place: string, act: string): boolean {
  if (call === "trainOnBatch" && !/^(data|labels)$/.test(place)) {
    return /^(trainOnBatch|testOnBatch|compile|add|pop)$/.test(act);
  }
  if (call === "a tape" && place === "gradient") return /^tape\.(run|gradient|reset|dispose)$/.test(act);
  if (/^(optimizer.apply|minimize)$/.test(call)) return /^(optimizer\.|minimize|trainOnBatch)/.test(act);
  return false;
}

let tried = 0;
const faults = new Map<string, string>();
const pending: Promise<unknown>[] = [];

/** Runs one act in one place of one call. */
async function attempt(call: string, place: string, act: string): Promise<void> {
  tried++;
  const label = `${call}, ${place}: ${act}`;
  setRandomSeed(3);
  const scene = new Scene();
  await scene.model.trainOnBatch(X, Y);
  const before = scene.bits();
  let refused: unknown;
  let refusedInside = false;
  let code: unknown;
  scene.acts.set(place, () => {
    const settled = (error: unknown) => {
      refusedInside = true;
      code = (error as { code?: unknown }).code;
      const fault = faultOf(error);
      if (fault !== undefined) faults.set(`${label}, the act`, fault);
    };
    try {
      const result = ACTS[act]?.(scene);
      if (result instanceof Promise) pending.push(result.catch(settled));
    } catch (error) {
      settled(error);
      throw error;
    }
  });
  try {
    await host(scene, call);
  } catch (error) {
    refused = error;
    const fault = faultOf(error);
    if (fault !== undefined) faults.set(label, fault);
  }
  await Promise.all(pending.splice(0));
  if (isBusy(call, place, act) && code !== "ERR_BUSY") faults.set(label, `expected ERR_BUSY, got ${code}`);
  const wasRefused = refused !== undefined && refusedInside;
  // Of fit, the steps before the callback are done.
  if (wasRefused && !place.startsWith("on") && scene.bits() !== before)
    faults.set(label, "a refused call changed something");
  if (act === "optimizer.dispose" && !wasRefused) return;
  if (/^(compile|add|pop)$/.test(act) && !refusedInside) return;
  try {
    scene.acts.clear();
    await scene.model.trainOnBatch(X, Y);
    if (!scene.model.weights.every((weight) => weight.array().every(Number.isFinite)))
      faults.set(label, "NaN afterwards");
    if (!wasRefused || place.startsWith("on")) return;
    setRandomSeed(3);
    const twin = new Scene();
    await twin.model.trainOnBatch(X, Y);
    await twin.model.trainOnBatch(X, Y);
    if (twin.bits() !== scene.bits()) faults.set(label, "the next step has other bits");
  } catch (error) {
    faults.set(`${label}, the next step`, String((error as Error).stack).slice(0, 300));
  }
}

it.each(Object.keys(PLACES))("%s: calls back in every place", async (call) => {
  for (const place of PLACES[call] ?? []) for (const act of Object.keys(ACTS)) await attempt(call, place, act);
  expect(Object.fromEntries(faults)).toEqual({});
});

it("and in random places, several in one call", async () => {
  const pick = picker(11);
  for (let i = 0; i < 60; i++) {
    const call = pick(Object.keys(PLACES));
    tried++;
    setRandomSeed(3);
    const scene = new Scene();
    for (const place of PLACES[call] ?? []) {
      const act = pick(Object.keys(ACTS));
      if (/^(compile|add|pop|optimizer\.dispose)$/.test(act)) continue;
      scene.acts.set(place, () => {
        try {
          const result = ACTS[act]?.(scene);
          if (result instanceof Promise) pending.push(result.catch((error) => note(call, act, error)));
        } catch (error) {
          note(call, act, error);
        }
      });
    }
    await host(scene, call).catch((error) => note(call, "the call", error));
    await Promise.all(pending.splice(0));
    scene.acts.clear();
    await scene.model.trainOnBatch(X, Y).catch((error) => note(call, "the next step", error));
    if (!scene.model.weights.every((weight) => weight.array().every(Number.isFinite)))
      faults.set(call, "NaN afterwards");
  }
  console.info(`re-entrant calls: ${tried} inputs tried`);
  expect(Object.fromEntries(faults)).toEqual({});
});

function note(call: string, act: string, error: unknown): void {
  const fault = faultOf(error);
  if (fault !== undefined) faults.set(`${call}: ${act}`, fault);
}
