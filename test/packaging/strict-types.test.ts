/** Types of the installed package under strict TypeScript. Most of a check is the package's declarations: all programs share one. */

import { expect, test } from "vitest";
import { useConsumer } from "./consumer.js";

const consumer = useConsumer();

const PROGRAMS = {
  optimizers: `
import { Adam, optimizers, schedules, Variable } from "gradstep";
import { init, initSync } from "gradstep/slim";
const w: Variable = new Variable([1, 2], { shape: [2], name: "w" });
const learningRate = new schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.9 });
const optimizer = new Adam({ learningRate });
const count: number = optimizer.applyGradients([[new Float32Array(2), w]]);
const values: Float32Array = w.array();
// @ts-expect-error An option that does not exist.
new Adam({ learningrate: 0.1 });
export { count, init, initSync, optimizers, values };
`,
  worker: `
import { type callbacks, layers, Sequential, WorkerLostError } from "gradstep";
import { connect, expose, offload, RemoteModel, RemoteOptimizer } from "gradstep/worker";
const model = new Sequential([new layers.Dense(1)]);
const remote: RemoteModel = await offload(model, { createWorker: (url: URL) => new Worker(url, { type: "module" }) });
const { history } = await remote.fit([[1]], [1], { epochs: 2, callbacks: [{ onEpochEnd(epoch, logs: callbacks.Logs) { console.log(epoch, logs); } }] });
const named: Record<string, number> = await remote.evaluate([[1]], [1], { returnDict: true });
// @ts-expect-error An option that does not exist.
await remote.fit([[1]], [1], { epoch: 2 });
export { connect, expose, history, named, RemoteOptimizer, WorkerLostError };
`,
  mpi: `
import { layers, Sequential, Variable } from "gradstep";
import { MirroredStrategy, ReplicaGroup, setReplicaContext } from "gradstep/distribute";
import { MpiGroup, type MpiOptions } from "gradstep/mpi";
const options: MpiOptions = { library: "libmpi.so.40" };
const group: MpiGroup = await MpiGroup.open(options);
setReplicaContext(group satisfies ReplicaGroup);
const sums: Float64Array = group.allReduce("sum", new Float64Array(2));
const weights: Variable[] = group.broadcast([new Variable([1])], 0);
const hash: number = group.verify(weights);
const model = new Sequential([new layers.Dense(1)]);
model.compile({ optimizer: "sgd", loss: "mse", distribute: group });
model.compile({ distribute: new MirroredStrategy({ replicas: 2 }) });
// @ts-expect-error No strategy.
model.compile({ distribute: { replicas: 2 } });
// @ts-expect-error An option that does not exist.
await MpiGroup.open({ path: "libmpi.so" });
export { hash, sums };
`,
  threads: `
import { setThreads } from "gradstep/threads";
export const threads: number = await setThreads("auto");
// @ts-expect-error: not a number of threads.
await setThreads("all");
`,
};

test.each(["nodenext", "bundler"])("strict TypeScript reads the types with %s resolution", (moduleResolution) => {
  expect(consumer.typeErrors(PROGRAMS, moduleResolution)).toBe("");
});
