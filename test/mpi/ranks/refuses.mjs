// Calls that fail on one rank, or do not fit together: all ranks report their error, and continue.

import { Adam, layers, Sequential, setRandomSeed, Variable } from "gradstep";
import { setReplicaContext } from "gradstep/distribute";
import { MpiGroup } from "gradstep/mpi";
import { errorOf, report, shown } from "./report.mjs";

const group = await MpiGroup.open();
setReplicaContext(group);
const isOdd = group.rank === 1;
const pick = (odd, others) => (isOdd ? odd : others);
const floats = (length) => new Float32Array(length).fill(1);

const errors = {
  amounts: errorOf(() => group.allReduce("sum", floats(pick(5, 4)))),
  types: errorOf(() => group.allReduce("sum", pick(new Float64Array(4), floats(4)))),
  lists: errorOf(() => group.allReduce("sum", pick([floats(2), floats(2)], floats(4)))),
  operations: errorOf(() => group.allReduce(pick("mean", "sum"), floats(4))),
  calls: errorOf(() =>
    pick(
      () => group.broadcast(floats(4)),
      () => group.allReduce("sum", floats(4)),
    )(),
  ),
  barrier: errorOf(() =>
    pick(
      () => group.barrier(),
      () => group.allReduce("sum", floats(4)),
    )(),
  ),
  roots: errorOf(() => group.broadcast(floats(4), pick(1, 0))),
  "bad data": errorOf(() => group.allReduce("sum", pick("four", floats(4)))),
  "bad operation": errorOf(() => group.allReduce(pick("max", "sum"), floats(4))),
  "bad root": errorOf(() => group.broadcast(floats(4), pick(group.size, 0))),
  "bad everywhere": errorOf(() => group.allReduce("mean", new Int32Array(4))),
  drift: errorOf(() => group.verify(floats(pick(4, 4)).fill(pick(2, 1)))),
};

// A step that one rank refuses changes nothing on any.
const w = new Variable([1, 2]);
const optimizer = new Adam({ learningRate: 0.5 });
errors["bad gradient"] = errorOf(() => optimizer.applyGradients([[pick([1, 2, 3], [1, 2]), w]]));
const unchanged = [...w.array(), optimizer.iterations];
optimizer.applyGradients([[[1, -1], w]]);

setRandomSeed(1);
const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
model.compile({ optimizer: "sgd", loss: "mse", distribute: group });
const before = model.weights.map((variable) => [...variable.array()]);
try {
  await model.fit(
    [
      [1, 2],
      [3, 4],
    ],
    pick([1], [1, 2]),
    { verbose: 0 },
  );
} catch (error) {
  errors["bad labels"] = shown(error);
}
const after = model.weights.map((variable) => [...variable.array()]);

const sum = group.allReduce("sum", floats(3))[2];
report(group, { errors, unchanged, w: [...w.array()], same: JSON.stringify(before) === JSON.stringify(after), sum });
