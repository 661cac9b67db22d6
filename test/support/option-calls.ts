/** Calls of methods and functions that take an object of options. */

import {
  ForwardAccumulator,
  GradientTape,
  Input,
  type layers,
  ops,
  Sequential,
  SGD,
  Variable,
} from "../../ts/index.js";

/** Objects that the calls are made on: a layer of one input and one unit, and a compiled model of it. */
export interface Called {
  readonly dense: layers.Dense;
  readonly model: Sequential;
}

/** A call with these options for each, by name. */
export function optionCalls({ dense, model }: Called): Readonly<Record<string, (options: never) => unknown>> {
  const x = [[1]];
  const w = new Variable([1]);
  const sgd = new SGD();
  return {
    compile: (options) => new Sequential().compile(options),
    fit: (options) => model.fit(x, x, options),
    evaluate: (options) => model.evaluate(x, x, options),
    predict: (options) => model.predict(x, options),
    predictAll: (options) => model.predictAll(x, options),
    trainOnBatch: (options) => model.trainOnBatch(x, x, options),
    testOnBatch: (options) => model.testOnBatch(x, x, options),
    "layer.apply": (options) => dense.apply(x, options),
    "model.apply": (options) => model.apply(x, options),
    Input,
    GradientTape: (options) => new GradientTape(options),
    gradient: (options) => {
      const tape = new GradientTape();
      return tape.gradient(
        tape.run(() => ops.square(w)),
        w,
        options,
      );
    },
    jacobian: (options) => {
      const tape = new GradientTape();
      return tape.jacobian(
        tape.run(() => ops.square(w)),
        w,
        options,
      );
    },
    batchJacobian: (options) => {
      const tape = new GradientTape();
      return tape.batchJacobian(
        tape.run(() => ops.square(w)),
        w,
        options,
      );
    },
    jvp: (options) => new ForwardAccumulator(w, w).jvp(w, options),
    applyGradients: (options) => sgd.applyGradients([[[1], w]], options),
    minimize: (options) => sgd.minimize(() => ops.square(w), [w], options),
    excludeFromWeightDecay: (options) => new SGD().excludeFromWeightDecay(options),
  };
}
