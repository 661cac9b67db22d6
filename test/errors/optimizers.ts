/**
 * Refusals of optimizers: ts/optimizers/. Their ranges are in test/conformance/ranges.test.ts.
 * Over 300 lines: a table, of one row for each fault.
 */

import {
  Adam,
  AdamW,
  constraints,
  GradientTape,
  LBFGS,
  Lion,
  Lookahead,
  LossScaleOptimizer,
  layers,
  MultiOptimizer,
  Muon,
  type Optimizer,
  OptimizerMap,
  ops,
  optimizers,
  SAM,
  ScheduleFree,
  SGD,
  SOAP,
  SWA,
  schedules,
  tensor,
  Variable,
  withStats,
} from "../../ts/index.js";
import { known } from "../support/known-names.js";
import { regexpFault } from "./regexp-fault.js";
import type { Rows } from "./row.js";

const kernel = () => new Variable(new Float32Array(640), { shape: [10, 64], name: "kernel" });
const bias = () => new Variable([1, 2, 3], { name: "bias" });
const sgd = () => new SGD({ name: "mine" });
const several = (inside: SGD = sgd()) => new MultiOptimizer(new OptimizerMap(inside), { name: "several" });

/** An optimizer that is built for the variable. */
const built = (variable: Variable) => {
  const optimizer = sgd();
  optimizer.build([variable]);
  return optimizer;
};

/** A step with a row gradient. */
function byRows(optimizer: Optimizer): number {
  const layer = new layers.Embedding(3, 2, { sparseGradient: true, name: "words" });
  layer.build([null]);
  const table = layer.embeddings as Variable;
  const tape = new GradientTape();
  const loss = tape.run(() => ops.sum(layer.apply([1])));
  return optimizer.apply([tape.gradient(loss, table)], [table]);
}

export const construction: Rows = [
  [
    () => new SOAP({ name: "mine" }).updateStep(tensor([1, 2, 3]), bias(), 0.1),
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    "mine: updateStep is a part of a step, got a variable that it was not built for. Call apply or applyGradients.",
  ],
  [
    () => byRows(new Muon({ name: "mine" })),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'mine: "words/embeddings" has a row gradient (sparseGradient: true), which only SGD, RMSprop, Adam, AdamW and Adagrad support. Make the layer without sparseGradient.',
  ],
  [
    () => byRows(new Adam({ name: "mine", useEma: true })),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'mine: "words/embeddings" has a row gradient (sparseGradient: true), which conflicts with "useEma": it needs all rows in each step. Make the layer without sparseGradient.',
  ],
  [
    () => byRows(new AdamW({ name: "mine", stateDtype: "uint8" })),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'mine: "words/embeddings" has a row gradient (sparseGradient: true), which conflicts with "stateDtype": it rounds blocks of all rows in each step. Make the layer without sparseGradient.',
  ],
  [
    () => (new Lion({ name: "mine" }) as unknown as { update(): unknown }).update(),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "update" is internal. Call apply or applyGradients.',
  ],
  [
    () => byRows(new Adam({ name: "mine", clipThreshold: 1 })),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'mine: "words/embeddings" has a row gradient (sparseGradient: true), which conflicts with "clipThreshold": it needs all rows in each step. Make the layer without sparseGradient.',
  ],
  [
    () => new AdamW({ clipThreshold: 1, stateDtype: "uint8" }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'AdamW: "clipThreshold" conflicts with "stateDtype". Leave one of them out.',
  ],
  [
    () => optimizers.deserialize({ class_name: "Adam", config: { clip_threshold: 1, amsgrad: true } }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'Adam: "clip_threshold" conflicts with "amsgrad". Leave one of them out.',
  ],
  [
    () => new AdamW({ weightDecay: new schedules.ReduceOnPlateau(0.01) }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'AdamW: "weightDecay" cannot contain ReduceOnPlateau, which works only in "learningRate". Pass another schedule or a number.',
  ],
  [
    () => new Lion({ stateDtype: "float16" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Lion: "stateDtype" must be "float32", "bfloat16" or "uint8", got "float16".',
  ],
  [
    () => new Adam({ stateDtype: 16 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Adam: "stateDtype" must be a string, got 16.',
  ],
  [
    () => new Adam({ clipnorm: 1, clipvalue: 1 }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "Adam: only one of clipnorm, clipvalue and globalClipnorm can be set, got clipnorm and clipvalue.",
  ],
  [
    () => new Adam({ learningRate: "0.1" } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Adam: "learningRate" must be a number, a LearningRateSchedule or a function without arguments, got "0.1".',
  ],
  [
    () => new Adam({ learningRate: null } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Adam: "learningRate" must be a number, a LearningRateSchedule or a function without arguments, got null.',
  ],
  [
    () => new Adam({ lossScaleFactor: 1e-50 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Adam: "lossScaleFactor" must be other than 0 in float32, got 1e-50.',
  ],
  [
    () => new AdamW({ weightDecay: null } as never),
    "ValueError",
    "ERR_OPTION_RANGE",
    'AdamW: "weightDecay" must be a number, for none use Adam, got null.',
  ],
  [
    () => new Muon({ excludeLayers: ["("] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    `Muon: "excludeLayers" must have regular expressions: ${regexpFault("(")}.`,
  ],
  [
    () => new Muon({ excludeLayers: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Muon: "excludeLayers" must be an array of strings, got "x".',
  ],
  [
    () => new Muon({ excludeLayers: [1] as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Muon: "excludeLayers[0]" must be a string, got 1.',
  ],
  [
    () => new Muon({ excludeEmbeddings: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Muon: "excludeEmbeddings" must be true or false, got 1.',
  ],
  [
    () => new Muon({ nsSteps: 0.5 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Muon: "nsSteps" must be a whole number, 0 or above, got 0.5.',
  ],
  [
    () => new Lookahead(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Lookahead takes an optimizer and options, such as new Lookahead(new Adam()), got 1.",
  ],
  [
    () => new Lookahead(new LossScaleOptimizer(sgd())),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "Lookahead cannot wrap a LossScaleOptimizer. Pass it an optimizer with an update rule, such as new Lookahead(new Adam()); a LossScaleOptimizer goes around it.",
  ],
  [
    () => withStats("adam" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'withStats takes an optimizer, such as withStats(new Adam()), got "adam".',
  ],
  [
    () => withStats(new LBFGS()),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "withStats cannot measure LBFGS, which makes several updates in each call of minimize. Measure an optimizer that takes gradients.",
  ],
  [
    () => new LBFGS({ name: "bfgs" }).apply([[1, 2, 3]], [bias()]),
    "ValueError",
    "ERR_LOSS_MISSING",
    "bfgs computes the loss several times in a step, and cannot take gradients: call minimize(loss, variables) with a function; to train a model, do it with all data in a loop or in a trainStep.",
  ],
  [
    () => new LBFGS({ name: "bfgs" }).minimize(() => tensor(1), [bias()], { tape: new GradientTape() }),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "bfgs: minimize cannot have a tape, as it computes the loss several times. Leave it out.",
  ],
  [
    () => {
      const b = bias();
      return new LBFGS({ name: "bfgs" }).minimize(() => ops.square(b), [b]);
    },
    "ValueError",
    "ERR_SHAPE",
    "bfgs: the loss of minimize must be one number, got shape [3]. Take ops.mean or ops.sum of it.",
  ],
  [
    () => {
      const [optimizer, b] = [new LBFGS({ name: "bfgs" }), bias()];
      optimizer.build([b]);
      return optimizer.minimize(() => ops.sum(ops.square(b)), [b, kernel()]);
    },
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    'bfgs: minimize takes the variables of its build, or of its first call, in the same order: "bias". Make a new optimizer for others.',
  ],
  [
    () => {
      const b = bias();
      b.constraint = () => null;
      return new LBFGS({ name: "bfgs" }).minimize(() => ops.sum(ops.square(b)), [b]);
    },
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'bfgs: "bias" has a constraint, which a line search would violate. Leave it out, or use another optimizer.',
  ],
  [
    () => new SAM(new SWA(sgd())),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "SAM cannot wrap a SWA. Pass it an optimizer with an update rule, such as new SAM(new SGD()).",
  ],
  [
    () => new LossScaleOptimizer(new SAM(sgd())),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "LossScaleOptimizer cannot hold SAM, which computes the loss several times in a step: call minimize(loss, variables) with a function, or compile a model with it and call fit or trainOnBatch.",
  ],
  [
    () => new SAM(sgd(), { name: "sharp" }).apply([[1, 2, 3]], [bias()]),
    "ValueError",
    "ERR_LOSS_MISSING",
    "sharp computes the loss several times in a step, and cannot take gradients: call minimize(loss, variables) with a function, or compile a model with it and call fit or trainOnBatch.",
  ],
  [
    () => new SAM(sgd(), { name: "sharp" }).minimize(tensor(1), [bias()]),
    "TypeError",
    "ERR_OPTION_TYPE",
    "sharp: minimize takes a function that computes the loss, which it calls several times, got an object (Tensor).",
  ],
  [
    () => new SWA(new SGD({ useEma: true, name: "mine" })),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'SWA: "mine" keeps averages of the weights itself. Leave out useEma, or use the schedule-free rule without SWA.',
  ],
  [
    () => new ScheduleFree(several()),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "ScheduleFree cannot wrap a MultiOptimizer, which has several learning rates. Pass it an optimizer with an update rule, such as new ScheduleFree(new SGD()).",
  ],
  [
    () => new LossScaleOptimizer(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "LossScaleOptimizer takes an optimizer and options, such as new LossScaleOptimizer(new Adam()), got 1.",
  ],
  [
    () => new LossScaleOptimizer(new LossScaleOptimizer(sgd())),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    "LossScaleOptimizer: the inner optimizer already scales the loss. Use it as it is.",
  ],
  [
    () => new LossScaleOptimizer(new SGD(), new Date() as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'LossScaleOptimizer: "initialScale" must be a number, got an object (Date).',
  ],
  [
    () => new LossScaleOptimizer(sgd(), { clipnorm: 1 } as never),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'LossScaleOptimizer does not take "clipnorm". Set it on the inner optimizer: new LossScaleOptimizer(new SGD({ clipnorm: ... })).',
  ],
  [
    () => new LossScaleOptimizer(sgd(), { initialScale: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'LossScaleOptimizer: "initialScale" must be from 1.1754943508222875e-38 to 3.4028234663852886e+38, got 0.',
  ],
  [
    () => new LossScaleOptimizer(sgd(), { dynamicGrowthSteps: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'LossScaleOptimizer: "dynamicGrowthSteps" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new OptimizerMap(sgd(), 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'OptimizerMap: "optimizerMap" must be an object of optimizers by pattern, such as { "encoder/.*": new Adam() }, got 1.',
  ],
  [
    () => new OptimizerMap(sgd(), { "a/.*": "adam" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'OptimizerMap: "a/.*" must be an optimizer, such as new Adam(), got "adam".',
  ],
  [
    () => new OptimizerMap(new LossScaleOptimizer(sgd())),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'OptimizerMap: "defaultOptimizer" cannot be a LossScaleOptimizer. Put the MultiOptimizer into a LossScaleOptimizer, not the other way round.',
  ],
  [
    () => new OptimizerMap(sgd(), { "(": sgd() }),
    "ValueError",
    "ERR_OPTION_RANGE",
    `OptimizerMap: keys must be regular expressions: ${regexpFault("^(?:()$")}.`,
  ],
  [
    () => new OptimizerMap(sgd(), { "a/.*": sgd() }).set("a/.*", sgd()),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'OptimizerMap has an optimizer for "a/.*" already. Delete it first, or write another pattern.',
  ],
  [
    () => new OptimizerMap(sgd(), { "a.*": sgd(), ".*b": sgd() }).get("ab"),
    "ValueError",
    "ERR_OPTION_CONFLICT",
    'OptimizerMap: "a.*" and ".*b" match the variable "ab". Write patterns that exclude each other, or its path as a key.',
  ],
  [
    () => new OptimizerMap(sgd()).call("a" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'OptimizerMap.call takes a Variable, got "a".',
  ],
  [
    () => new Proxy(new OptimizerMap(sgd()), {}).get("a"),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Pass the optimizer map itself, not a proxy (toRaw, markRaw).",
  ],
  [
    () => new MultiOptimizer(sgd() as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MultiOptimizer takes an OptimizerMap, or a function from a variable to its optimizer, such as new MultiOptimizer(new OptimizerMap(new Adam(), { "head/.*": new SGD() })), got an object (SGD).',
  ],
  [
    () => several().learningRate,
    "TypeError",
    "ERR_LEARNING_RATE_FIXED",
    "several: each inner optimizer has a learning rate. Get and set it on one of several.optimizers.",
  ],
  [
    () => {
      several().learningRate = 1;
    },
    "TypeError",
    "ERR_LEARNING_RATE_FIXED",
    "several: each inner optimizer has a learning rate. Get and set it on one of several.optimizers.",
  ],
  [
    () => several(built(bias())).build([kernel()]),
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    'several: "mine" was built for other variables. Make a new optimizer for the map.',
  ],
  [
    () => new MultiOptimizer(sgd, { name: "several" }).getConfig(),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "several: a function that chooses optimizers has no config. Pass an OptimizerMap.",
  ],
  [
    () => {
      const optimizer = several();
      optimizer.build([bias()]);
      optimizer.apply([[0, 0, 0]], [bias()]);
    },
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    'several was not built for the variable "bias". Call build with all variables before the first step, or make a new optimizer.',
  ],
];

export const rates: Rows = [
  [
    () => new Adam({ name: "mine", learningRate: () => Number.NaN }).learningRate,
    "ValueError",
    "ERR_OPTION_RANGE",
    "mine: the learning rate's function must return a finite number, got NaN after 0 steps.",
  ],
  [
    () => new Adam({ name: "mine", learningRate: () => "x" as never }).learningRate,
    "ValueError",
    "ERR_OPTION_RANGE",
    'mine: the learning rate\'s function must return a finite number, got "x" after 0 steps.',
  ],
  [
    () => {
      new Adam({ name: "mine", learningRate: () => 1 }).learningRate = 1;
    },
    "TypeError",
    "ERR_LEARNING_RATE_FIXED",
    "mine was made with a function as its learning rate, so a number cannot be set. Set another schedule or function, or make the optimizer with a number.",
  ],
  [
    () => {
      new Adam({
        name: "mine",
        learningRate: new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 2 }),
      }).learningRate = 1;
    },
    "TypeError",
    "ERR_LEARNING_RATE_FIXED",
    "mine was made with a schedule as its learning rate, so a number cannot be set. Set another schedule or function, or make the optimizer with a number.",
  ],
  [
    () => {
      new Adam({ name: "mine" }).learningRate = "x" as never;
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "learningRate" must be a number, a LearningRateSchedule or a function without arguments, got "x".',
  ],
  [
    () => new Adam({ name: "mine", learningRate: () => 1 }).getConfig(),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "mine: a function as learning rate has no config. Write a class that extends schedules.LearningRateSchedule, with at(step) and getConfig(), and pass it in customObjects, or to expose.",
  ],
];

export const pairs: Rows = [
  [
    () => sgd().applyGradients(1 as never),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    "applyGradients takes a list of [gradient, variable] pairs, got 1.",
  ],
  [
    () => sgd().applyGradients([[1]] as never, [new Variable([1])] as never),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    "applyGradients takes one list, of pairs: applyGradients(zip(gradients, variables)). apply(gradients, variables) takes two.",
  ],
  [
    () => sgd().applyGradients([1] as never),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    "applyGradients: entry 0 must be a [gradient, variable] pair, as of zip(gradients, variables), got 1.",
  ],
  [
    () => sgd().applyGradients([[1, 2]] as never),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    "applyGradients: the second part of entry 0 must be a Variable, got 2.",
  ],
  [
    () => sgd().applyGradients([[bias(), [1, 2, 3]]] as never),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    "applyGradients: the second part of entry 0 must be a Variable, got an array of 3. Gradient and variable look swapped.",
  ],
  [
    () => sgd().applyGradients([[[1], bias()]]),
    "ValueError",
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "bias": expected 3 values, got 1.',
  ],
  [
    () => sgd().applyGradients([[tensor([1, 2]), bias()]]),
    "ValueError",
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "bias": expected 3 values, got 2.',
  ],
  [
    () => sgd().applyGradients([[new Float32Array(64), kernel()]]),
    "ValueError",
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "kernel": expected 640 values (10 x 64), got 64.',
  ],
  [
    () =>
      sgd().applyGradients([
        [
          [
            [1, 2],
            [3, 4],
          ],
          kernel(),
        ],
      ]),
    "ValueError",
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "kernel": expected 640 values (10 x 64), got 4 values (2 x 2).',
  ],
  [
    () => sgd().applyGradients([["x" as never, bias()]]),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    'Cannot apply gradients to "bias": expected a gradient (a Float32Array, a tensor, nested numbers, or null), got "x".',
  ],
  [
    () => sgd().applyGradients([[new DataView(new ArrayBuffer(12)) as never, bias()]]),
    "TypeError",
    "ERR_GRADIENT_DTYPE",
    'Cannot apply gradients to "bias": expected float32 values, got a DataView. Convert it first: Float32Array.from(gradient).',
  ],
  [
    () => sgd().applyGradients([[tensor([1, 2, 3], undefined, "int32") as never, bias()]]),
    "TypeError",
    "ERR_GRADIENT_DTYPE",
    'Cannot apply gradients to "bias": expected float32 values, got a tensor of int32. Convert it first: Float32Array.from(gradient).',
  ],
  [
    () =>
      sgd().applyGradients([
        [null, bias()],
        [null, kernel()],
      ]),
    "ValueError",
    "ERR_GRADIENT_NONE",
    'mine: no gradients provided for any variable: "bias", "kernel". The loss must be computed from them, inside the tape.',
  ],
  [
    () => {
      const w = bias();
      sgd().applyGradients([
        [[1, 2, 3], w],
        [[1, 2, 3], w],
      ]);
    },
    "ValueError",
    "ERR_VARIABLE_DUPLICATE",
    'mine: the variable "bias" is passed twice. Add its gradients and pass it once.',
  ],
  [
    () => built(bias()).applyGradients([[[1, 2, 3], bias()]]),
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    'mine was not built for the variable "bias". An optimizer keeps the variables of its first build: make a new one and compile the model with it, or call build with all variables, frozen ones too, before the first step.',
  ],
  [
    () => sgd().applyGradients([], { clip: true } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'applyGradients does not know "clip". Its options are: name, experimentalAggregateGradients.',
  ],
  [
    () => sgd().applyGradients([], { name: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'applyGradients: "name" must be a string, got 1.',
  ],
  [
    () => sgd().applyGradients([], { experimentalAggregateGradients: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'applyGradients: "experimentalAggregateGradients" must be true or false, got 1.',
  ],
  [
    () => sgd().clipGradients(1 as never),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    "applyGradients takes a list of [gradient, variable] pairs, got 1.",
  ],
  [
    () => sgd().apply([[1]]),
    "ValueError",
    "ERR_NOT_BUILT",
    "mine is not built yet: call apply(gradients, variables), or build(variables) first.",
  ],
  [() => sgd().apply(1 as never, [bias()]), "TypeError", "ERR_OPTION_TYPE", 'mine: "gradients" must be a list, got 1.'],
  [
    () => sgd().apply([[1, 2, 3]], 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "variables" must be a list, got 1.',
  ],
  [
    () => sgd().apply([[1, 2, 3]], [1 as never]),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "variables" must be Variables, got 1 at index 0.',
  ],
  [
    () => built(bias()).apply([[1, 2, 3], [1]]),
    "ValueError",
    "ERR_GRADIENT_COUNT",
    "mine: expected 1 gradient, one for each variable, got 2.",
  ],
];

/** An optimizer of a rule that the core does not have. */
class Ruleless extends SGD {
  constructor(options: ConstructorParameters<typeof SGD>[0]) {
    super(options);
    Object.assign(this, { definition: { ...this.definition, className: "Ruleless", rule: "Ruleless" } });
  }
}

export const state: Rows = [
  [() => sgd().build(1 as never), "TypeError", "ERR_OPTION_TYPE", 'mine: "variables" must be a list, got 1.'],
  [
    () => sgd().build([1 as never]),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "variables" must be Variables, got 1 at index 0.',
  ],
  [
    () => {
      const w = bias();
      sgd().build([w, w]);
    },
    "ValueError",
    "ERR_VARIABLE_DUPLICATE",
    'mine: the variable "bias" is passed twice. Add its gradients and pass it once.',
  ],
  [
    () => {
      const optimizer = sgd();
      optimizer.dispose();
      optimizer.build([bias()]);
    },
    "DisposedError",
    "ERR_DISPOSED",
    'The optimizer "mine" was disposed of. Make a new one.',
  ],
  [
    () => {
      const optimizer = sgd();
      optimizer.dispose();
      optimizer.applyGradients([[[1, 2, 3], bias()]]);
    },
    "DisposedError",
    "ERR_DISPOSED",
    'The optimizer "mine" was disposed of. Make a new one.',
  ],
  [
    () => sgd().excludeFromWeightDecay({ varList: [1 as never] }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine.excludeFromWeightDecay: "varList" takes Variables, got 1.',
  ],
  [
    () => sgd().excludeFromWeightDecay({ varNames: "bias" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine.excludeFromWeightDecay: "varNames" takes a list of strings, such as ["bias"], got a string.',
  ],
  [
    () => sgd().excludeFromWeightDecay({ varNames: ["("] }),
    "ValueError",
    "ERR_OPTION_RANGE",
    `mine.excludeFromWeightDecay: "varNames" must have regular expressions: ${regexpFault("(")}.`,
  ],
  [
    () => sgd().excludeFromWeightDecay({ names: [] } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'mine.excludeFromWeightDecay does not know "names" (did you mean "varNames"?). Its options are: varList, varNames.',
  ],
  [
    () => {
      const optimizer = sgd();
      optimizer.build([
        {
          get shape() {
            return [];
          },
        } as never,
      ]);
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "variables" must be Variables, got an object (Object) at index 0.',
  ],
  [
    () => {
      const w = bias();
      const optimizer = new SGD({
        name: "mine",
        learningRate: () => {
          optimizer.build([w]);
          return 1;
        },
      });
      optimizer.applyGradients([[[1, 2, 3], w]]);
    },
    "ValueError",
    "ERR_BUSY",
    "mine is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
  [
    () => {
      const optimizer: SGD = new SGD({
        name: "mine",
        learningRate: () => {
          optimizer.dispose();
          return 1;
        },
      });
      optimizer.applyGradients([[[1, 2, 3], bias()]]);
    },
    "ValueError",
    "ERR_BUSY",
    "mine is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
  [
    () => {
      const optimizer: SGD = new SGD({
        name: "mine",
        learningRate: () => {
          optimizer.evalMode();
          return 1;
        },
      });
      optimizer.applyGradients([[[1, 2, 3], bias()]]);
    },
    "ValueError",
    "ERR_BUSY",
    "mine is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
  [
    () => {
      const w = bias();
      w.constraint = new constraints.NonNeg() as never;
      sgd().apply([[1, 2, 3]], [w]);
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    'The constraint of "bias" must be a function or null, got an object (NonNeg). Pass asFunction() of a Constraint.',
  ],
  [
    () => new Ruleless({ name: "mine" }).build([bias()]),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'Ruleless has no kernel called "Ruleless".',
  ],
  [
    () => new (optimizers.Optimizer as unknown as new () => optimizers.Optimizer)(),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    "Optimizer has no update rule: make one of its subclasses, such as Adam, or extend it with a method updateStep(gradient, variable, learningRate).",
  ],
];

const averaged = (variables: Variable[]) => {
  const optimizer = new SGD({ name: "mine", useEma: true });
  if (variables.length > 0) optimizer.build(variables);
  return optimizer;
};

export const averages: Rows = [
  [
    () => averaged([]).finalizeVariableValues([bias()]),
    "ValueError",
    "ERR_NOT_BUILT",
    "mine is not built yet: call build(variables) first.",
  ],
  [
    () => averaged([bias()]).finalizeVariableValues([kernel()]),
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    "mine: finalizeVariableValues takes the 1 variable that the optimizer was built for, in that order, got 1.",
  ],
  [
    () => averaged([bias()]).finalizeVariableValues([]),
    "ValueError",
    "ERR_VARIABLE_UNKNOWN",
    "mine: finalizeVariableValues takes the 1 variable that the optimizer was built for, in that order, got 0.",
  ],
  [
    () => averaged([bias()]).finalizeVariableValues(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'mine: "variables" must be a list, got 1.',
  ],
];

export const minimizing: Rows = [
  [
    () => sgd().minimize(1 as never, [bias()]),
    "TypeError",
    "ERR_OPTION_TYPE",
    "mine: minimize takes a function that computes the loss, or with { tape } a tensor that this tape recorded, got 1.",
  ],
  [
    () => sgd().minimize(() => 1 as never, [bias()]),
    "TypeError",
    "ERR_OPTION_TYPE",
    "mine: the loss of minimize must be a float32 tensor, made by operations, got 1.",
  ],
  [
    () => sgd().minimize(() => tensor([1], undefined, "int32") as never, [bias()]),
    "TypeError",
    "ERR_OPTION_TYPE",
    "mine: the loss of minimize must be a float32 tensor, made by operations, got a tensor of int32.",
  ],
  [
    () => sgd().minimize(tensor([1]), [bias()], { tape: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'minimize: "tape" must be a GradientTape, got 1.',
  ],
  [
    () => sgd().minimize(() => tensor([1]), [bias()], { tap: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'minimize does not know "tap" (did you mean "tape"?). Its options are: tape, name.',
  ],
  [
    () => {
      const tape = new GradientTape();
      tape.run(() => {});
      sgd().minimize(1 as never, [bias()], { tape });
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    "mine: the loss of minimize must be a float32 tensor, made by operations, got 1.",
  ],
  [
    () => sgd().minimize(() => Promise.resolve(tensor([1])) as never, [bias()]),
    "TypeError",
    "ERR_TAPE",
    "run takes a synchronous function, got one that returns a promise. Code after its first await would not be part of the step: await data first, and compute in a plain function.",
  ],
];

export const configs: Rows = [
  [() => SGD.fromConfig(1 as never), "TypeError", "ERR_CONFIG_INVALID", "fromConfig: expected a plain object, got 1."],
  [
    () => SGD.fromConfig({ ["__proto__"]: 1, learning_rate: 1, lr: 2 } as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'fromConfig: a config cannot have the key "__proto__".',
  ],
  [
    () => SGD.fromConfig(JSON.parse('{ "__proto__": 1 }') as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'fromConfig: a config cannot have the key "__proto__".',
  ],
  [
    () => SGD.fromConfig({ learningrate: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'SGD does not know "learningrate" (did you mean "learning_rate"?). Its options are: learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name, learning_rate_multipliers, weight_decay_multipliers, adaptive_clip, skip_nonfinite, gradient_centralization, cautious, cautious_weight_decay, momentum, nesterov.',
  ],
  [
    () => optimizers.deserialize({ class_name: "Adam", config: { decay: 0.1 } }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    '"decay" of Keras 2 can only be 0, got 0.1. Write it as a schedule instead, in "learning_rate": InverseTimeDecay with decay_steps 1 and this decay_rate.',
  ],
  [
    () => optimizers.get("adamm"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called "adamm". Did you mean "Adam"? Known: ${known("optimizer")}. Pass a custom class in customObjects.`,
  ],
  [
    () => optimizers.get("quux"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called "quux". Known: ${known("optimizer")}. Pass a custom class in customObjects.`,
  ],
  [
    () => optimizers.get(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "optimizers.get takes an optimizer, the name of one, a class or { class_name, config }, got 1.",
  ],
  [
    () => optimizers.get({}),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'optimizers.get: an optimizer has its class\'s name in "class_name", a string, got undefined.',
  ],
  [
    () => optimizers.get({ class_name: "Adam", config: 1 }),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "optimizers.get: the config of Adam: expected a plain object, got 1.",
  ],
  [
    () => optimizers.deserialize({ class_name: "function", config: "x" }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'optimizers.deserialize: an optimizer cannot be a function, got "x".',
  ],
  [
    () => optimizers.deserialize({ class_name: "Mine", config: {}, registered_name: "pkg>Mine" } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No optimizer is registered as "pkg>Mine": pass its class in customObjects, under this name or as "Mine".',
  ],
  [
    () => optimizers.deserialize(1 as never),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "optimizers.deserialize: expected a plain object, got 1.",
  ],
  [
    () => optimizers.serialize(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "optimizers.serialize takes an optimizer, got 1.",
  ],
  [
    () => optimizers.deserialize({ class_name: "Adam", config: {} }, 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "optimizers.deserialize: customObjects must be an object of classes and functions by name, got 1.",
  ],
  [
    () => optimizers.deserialize({ class_name: "Adam", config: {} }, { Mine: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'optimizers.deserialize: customObjects["Mine"] must be a class or a function, got 1.',
  ],
  [
    () => optimizers.deserialize({ class_name: "Mine", config: {} }, { Mine: schedules.CosineDecay as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'customObjects["Mine"] must be a class that extends Optimizer, got the class or function "CosineDecay".',
  ],
  [
    () =>
      optimizers.serialize(
        new (class extends SGD {
          static override readonly className = "";
        })(),
      ),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'optimizers.serialize: the class has no name. Give it one: static className = "MyOptimizer".',
  ],
];
