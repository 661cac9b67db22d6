/** Custom objects whose getters read them again: an error with a code, not an overflow of the stack. */

import { describe, expect, it } from "vitest";
import { layers, losses, metrics, modelFromJSON, optimizers, Sequential } from "../../ts/index.js";

const json = new Sequential([new layers.Dense(1, { inputShape: [1] })]).toJSON();

type Reading = (objects: never) => unknown;

const calls: readonly [string, Reading][] = [
  ["modelFromJSON", (objects) => modelFromJSON(json, objects)],
  ["layers", (objects) => layers.deserialize({ class_name: "Dense", config: { units: 1 } } as never, objects)],
  ["losses", (objects) => losses.deserialize({ class_name: "MeanSquaredError", config: {} } as never, objects)],
  ["metrics", (objects) => metrics.deserialize({ class_name: "Mean", config: {} } as never, objects)],
  ["optimizers", (objects) => optimizers.deserialize({ class_name: "SGD", config: {} } as never, objects)],
];

describe.each(calls)("%s", (_, call) => {
  const refusal = expect.objectContaining({ name: "TypeError", code: "ERR_OPTION_TYPE" });

  it("a getter that reads itself", () => {
    const objects: object = {
      get Own(): unknown {
        return (objects as { Own: unknown }).Own;
      },
    };
    expect(() => call(objects as never)).toThrow(refusal);
  });

  it("a getter that makes the same call", () => {
    const objects: object = {
      get Own() {
        return call(objects as never);
      },
    };
    expect(() => call(objects as never)).toThrow(refusal);
  });

  it("a getter that makes another call, and one that fails", () => {
    class Own extends layers.Identity {}
    let count = 0;
    const objects = {
      get Own() {
        count++;
        layers.deserialize({ class_name: "Identity", config: {} } as never);
        return Own;
      },
    };
    expect(call(objects as never)).toBeTypeOf("object");
    expect(count).toBe(1);
    const failing = {
      get Own() {
        throw new RangeError("mine");
      },
    };
    expect(() => call(failing as never)).toThrow(expect.objectContaining({ name: "RangeError", message: "mine" }));
    expect(call({ Own } as never)).toBeTypeOf("object");
  });
});
