/** A constraint that refuses a step, in a worker and on replicas: the error, weights and state are those of this thread. */

import * as gradstep from "gradstep";
import { Adam, LossScaleOptimizer, type Optimizer, Sequential, SGD } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { type CreateWorker, offload } from "gradstep/worker";
import { afterAll, describe, expect, it } from "vitest";
import { workerOf } from "./platform.js";

/** The worker's script and this thread have the same. */
const SOURCE = `
class Below extends gradstep.constraints.Constraint {
  static className = "Below";
  constructor({ how }) { super(); this.how = how; }
  call(w) {
    if (w.array()[0] <= 3) return gradstep.ops.multiply(w, 1);
    if (this.how === "throws") throw new gradstep.ValueError("ERR_OPTION_RANGE", "above 3");
    return gradstep.tensor([1, 2, 3]);
  }
  getConfig() { return { how: this.how }; }
}
const customObjects = { Below };
`;
const { Below } = new Function("gradstep", `${SOURCE}; return customObjects;`)(gradstep) as {
  readonly Below: new (options: { readonly how: string }) => gradstep.constraints.Constraint;
};

const createWorker: CreateWorker = (url) =>
  workerOf(`
    import * as gradstep from ${JSON.stringify(new URL("../index.js", url).href)};
    import { expose } from ${JSON.stringify(new URL("./index.js", url).href)};
    ${SOURCE}expose({ customObjects });`);

const strategy = new MirroredStrategy({ replicas: 2, createWorker });
afterAll(() => strategy.close());

const x = [[1], [1], [1], [1]];
const y = [[10], [10], [10], [10]];

function compiled(optimizer: Optimizer, how: string, distribute?: MirroredStrategy): Sequential {
  const { layers } = gradstep;
  const kernelConstraint = new Below({ how });
  const kernel = { kernelInitializer: "zeros", kernelConstraint, useBias: false } as const;
  const model = new Sequential([new layers.Dense(1, { ...kernel, inputShape: [1], name: "dense" })]);
  model.compile({ optimizer, loss: "mse", ...(distribute ? { distribute } : {}) });
  return model;
}

const run = (model: { fit: Sequential["fit"] }) =>
  model.fit(x, y, { batchSize: 2, epochs: 9, verbose: 0 }).then(
    () => null,
    ({ name, code, message }) => ({ name, code, message }),
  );
const left = (model: Sequential) => [model.getWeights(), model.optimizer?.getWeights(), model.optimizer?.iterations];

const OPTIMIZERS: Readonly<Record<string, () => Optimizer>> = {
  momentum: () => new SGD({ learningRate: 0.1, momentum: 0.9 }),
  "a loss scale and averages": () =>
    new LossScaleOptimizer(new SGD({ learningRate: 0.1, useEma: true }), { initialScale: 4, dynamicGrowthSteps: 1 }),
  "a loss scale and accumulation": () =>
    new LossScaleOptimizer(new Adam({ learningRate: 2, gradientAccumulationSteps: 2 }), { initialScale: 4 }),
};
const MESSAGES = {
  throws: "above 3",
  "gives another shape": 'The constraint of "dense/kernel": expected 1 value (1 x 1), got 3 values.',
} as const;

describe.each(Object.entries(OPTIMIZERS))("with %s, a constraint that", (_, make) => {
  it.each(Object.entries(MESSAGES))("%s", async (how, message) => {
    const here = compiled(make(), how);
    const error = await run(here);
    expect(error).toMatchObject({ name: "ValueError", message });

    const replicated = compiled(make(), how, strategy);
    expect(await run(replicated)).toEqual(error);
    expect(left(replicated)).toEqual(left(here));

    const remote = await offload(compiled(make(), how), { createWorker });
    expect(await run(remote as never)).toEqual(error);
    expect(await remote.getWeights()).toEqual(here.getWeights());
    await remote.dispose();
  });
});
