// Checkpoints as JSON: the optimizer's class and arguments as Keras writes them, its state, and the weights.

import { optimizers, stringify, Variable } from "gradstep";

/** Everything that the run needs to continue, as text. */
export function save(optimizer, variables) {
  return stringify({
    optimizer: optimizers.serialize(optimizer),
    state: optimizer.getWeights().map((entry) => ({ ...entry, data: [...entry.data] })),
    variables: variables.map((variable) => ({ name: variable.name, shape: variable.shape, data: [...variable.value] })),
  });
}

/** A new optimizer and new variables, in the state that `save` stored. */
export function restore(text) {
  const saved = JSON.parse(text);
  const variables = saved.variables.map(
    ({ data, shape, name }) => new Variable(Float32Array.from(data), { shape, name }),
  );
  const optimizer = optimizers.deserialize(saved.optimizer);
  optimizer.build(variables); // Creates the slots that setWeights fills.
  optimizer.setWeights(
    saved.state.map(({ data, shape, dtype }) => ({
      data: dtype === "int32" ? Int32Array.from(data) : Float32Array.from(data),
      shape,
      dtype,
    })),
  );
  return { optimizer, variables };
}
