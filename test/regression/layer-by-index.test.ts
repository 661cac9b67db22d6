/** `getLayer` by name or by index, as in Keras, and its refusals. */

import { describe, expect, it } from "vitest";
import { layers, Sequential } from "../../ts/index.js";
import { refusal } from "../support/refusal.js";

describe("getLayer", () => {
  const [first, last] = [new layers.Dense(2, { name: "first" }), new layers.Dense(1, { name: "last" })];
  const model = new Sequential([first, last], { name: "mine" });

  it("takes a name or an index", () => {
    expect([model.getLayer("first"), model.getLayer(null, 1), model.getLayer(undefined, -2)]).toEqual([
      first,
      last,
      first,
    ]);
  });

  it.each([
    [
      () => model.getLayer("firts"),
      "ERR_OPTION_RANGE",
      'mine has no layer called "firts". Did you mean "first"? It has: first, last.',
    ],
    [() => model.getLayer(null, 2), "ERR_OPTION_RANGE", "mine has 2 layers, none at index 2."],
    [
      () => model.getLayer(null, 0.5),
      "ERR_OPTION_RANGE",
      'mine: getLayer: "index" must be a whole number, -2 or above, got 0.5.',
    ],
    [
      () => model.getLayer(0 as never),
      "ERR_OPTION_TYPE",
      "mine: getLayer takes a name, got 0. The layer of an index is getLayer(null, 0).",
    ],
    [
      () => model.getLayer({ index: 0 } as never),
      "ERR_OPTION_TYPE",
      "mine: getLayer takes a name, got an object (Object).",
    ],
    [
      () => model.getLayer(null),
      "ERR_OPTION_TYPE",
      "mine: getLayer takes a name, or null and an index, got undefined and undefined.",
    ],
    [
      () => model.getLayer("first", 0),
      "ERR_OPTION_TYPE",
      'mine: getLayer takes a name, or null and an index, got "first" and 0.',
    ],
  ])("%s", (call, code, message) => {
    const error = refusal(call);
    expect([error.code, error.message]).toEqual([code, message]);
  });
});
