/**
 * Warnings: missing gradients and clips that are not applied; and calls that do nothing.
 */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { SGD } from "../../ts/index.js";
import { bias, built, kernel, sgd } from "../support/errors.js";

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});

beforeEach(() => void warn.mockClear());

describe("warnings", () => {
  it("a missing gradient: once for each variable, and the rest proceeds", () => {
    const [optimizer, first, second] = [new SGD({ learningRate: 1, name: "sgd" }), bias(), kernel()];
    for (let step = 0; step < 3; step++)
      optimizer.applyGradients([
        [[1, 1, 1], first],
        [null, second],
      ]);
    expect(warn.mock.calls).toEqual([['sgd: no gradient for "dense/kernel"; skipped. Is the loss a function of it?']]);
    expect([...first.value]).toEqual([-2, -1, 0]);
    optimizer.applyGradients(
      [
        [null, first],
        [new Float32Array(640), second],
      ],
      { name: "mine" },
    );
    expect(warn.mock.calls[1]).toEqual(['mine: no gradient for "dense/bias"; skipped. Is the loss a function of it?']);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it("applyGradients warns once that it does not clip", () => {
    const [optimizer, variable] = [new SGD({ clipnorm: 1, name: "sgd" }), bias()];
    for (let step = 0; step < 3; step++) optimizer.applyGradients([[[1, 1, 1], variable]]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/^sgd: applyGradients does not clip\./);
  });
});

it("an empty list is a no-op", () => {
  const { optimizer, variable } = built();
  optimizer.apply([[1, 2, 3]]);
  const before = variable.array();
  expect(optimizer.applyGradients([])).toBe(1);
  expect(optimizer.apply([])).toBe(1);
  expect(optimizer.iterations).toBe(1);
  expect(variable.array()).toEqual(before);
  expect(sgd().applyGradients([])).toBe(0);
  expect(warn).not.toHaveBeenCalled();
});
