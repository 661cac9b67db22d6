/** JSON that is refused after an object inside of it was created: the inner object used up a name. */

import { expect, it } from "vitest";
import { Adam, layers, optimizers } from "../../ts/index.js";

const around = (name: string, bad: object) => () =>
  optimizers.deserialize({
    module: "keras.optimizers",
    class_name: name,
    config: { name: "around", inner_optimizer: { class_name: "Adam" }, ...bad },
    registered_name: name,
  } as never);

it.each<[string, () => unknown]>([
  ["LossScaleOptimizer", around("LossScaleOptimizer", { initial_scale: true })],
  ["Lookahead", around("Lookahead", { sync_period: true })],
  ["SAM", around("SAM", { rho: true })],
  ["SWA", around("SWA", { average_period: true })],
  ["ScheduleFree", around("ScheduleFree", { momentum: true })],
])("%s: no name is taken", (_, make) => {
  const before = new Adam().name;
  expect(make).toThrow(expect.objectContaining({ code: "ERR_OPTION_TYPE" }));
  const number = (name: string) => Number(name.split("_")[1] ?? 0);
  expect(number(new Adam().name)).toBe(number(before) + 1);
});

it("a layer's activation: no name is taken", () => {
  const name = new layers.ReLU().name;
  const config = { name: "d", units: -1, activation: { class_name: "ReLU", config: {} } };
  expect(() => layers.deserialize({ class_name: "Dense", config } as never)).toThrow(
    expect.objectContaining({ code: "ERR_OPTION_RANGE" }),
  );
  const number = (text: string) => Number(/_(\d+)$/.exec(text)?.[1] ?? 0);
  expect(number(new layers.ReLU().name)).toBe(number(name) + 1);
});
