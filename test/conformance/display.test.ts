/**
 * Texts of tensors, variables, models and histories. The numbers are as NumPy prints them, with commas.
 */

import { describe, expect, it } from "vitest";
import {
  callbacks,
  Input,
  layers,
  losses,
  metrics,
  ops,
  optimizers,
  SAM,
  Sequential,
  SGD,
  tensor,
  Variable,
} from "../../ts/index.js";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");
const NOTEBOOK = Symbol.for("Jupyter.display");

/** Output of the host's `console.log`; on hosts without its inspection, the text that it would request. */
function logged(value: object): string {
  const { Deno, process } = globalThis as never as {
    Deno?: { inspect(value: unknown): string };
    process?: { getBuiltinModule?(name: string): { inspect(value: unknown): string } };
  };
  const inspect = Deno?.inspect ?? process?.getBuiltinModule?.("util").inspect;
  return inspect?.(value) ?? (value as { [INSPECT](): string })[INSPECT]();
}

describe("a tensor or variable as text", () => {
  it.each([
    [
      () =>
        tensor([
          [1, 2.5],
          [-3, 0.1],
        ]),
      "Tensor float32 [2, 2]\n[[  1, 2.5],\n [ -3, 0.1]]",
    ],
    [() => tensor(0.25), "Tensor float32 [] 0.25"],
    [() => tensor([]), "Tensor float32 [0] []"],
    [() => ops.zeros([0, 3]), "Tensor float32 [0, 3] []"],
    [() => tensor([1, Number.NaN, 1e-20]), "Tensor float32 [3] [    1,   NaN, 1e-20]"],
    [() => tensor([16777217, 0.1, 1 / 3]), "Tensor float32 [3] [  16777216,        0.1, 0.33333334]"],
    [() => tensor(Int32Array.of(2147483647, -2147483648)), "Tensor int32 [2] [ 2147483647, -2147483648]"],
    [() => ops.arange(1001), "Tensor int32 [1001] [   0,    1,    2, ...,  998,  999, 1000]"],
    [() => ops.reshape(ops.arange(4), [2, 1, 2]), "Tensor int32 [2, 1, 2]\n[[[0, 1]],\n\n [[2, 3]]]"],
    [() => new Variable([1, 2], { name: "w" }), 'Variable "w" float32 [2] [1, 2]'],
  ])("%#", (made, text) => {
    const value = made();
    expect(`${value}`).toBe(text);
    expect(logged(value)).toBe(text);
    value.dispose();
    expect(`${value}`).toBe(`${text.slice(0, text.indexOf("]") + 1)}, disposed`);
  });

  it("shortens every axis that is long, and only those", () => {
    const text = `${ops.reshape(ops.arange(4000), [2000, 2])}`;
    expect(text.split("\n")).toHaveLength(8);
    expect(text).toContain("\n [   4,    5],\n ...,\n [3994, 3995],\n");
  });

  it("is nested lists by toArray", () => {
    expect(ops.reshape(ops.arange(6), [1, 2, 3]).toArray()).toEqual([
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ]);
    expect(tensor(2).toArray()).toBe(2);
    expect(tensor([[], []]).toArray()).toEqual([[], []]);
  });
});

it("a model shows its summary, a notebook curves and tables", () => {
  const model = new Sequential([new layers.Dense(2, { inputShape: [3] })]);
  expect(logged(model)).toBe(model.summary(() => {}));
  const notebook = (value: object) => (value as { [NOTEBOOK](): Record<string, string> })[NOTEBOOK]();
  const table = notebook(
    new Variable(
      [
        [1, 2],
        [3, 4],
      ],
      { name: "a<b" },
    ),
  )["text/html"];
  expect(table).toBe('<table><caption>Variable "a&#60;b" float32 [2, 2]</caption><tr><td>1<td>2<tr><td>3<td>4</table>');
  const history = new callbacks.History();
  history.onEpochEnd(0, { loss: 2, "a<b": 1 });
  history.onEpochEnd(1, { loss: Number.NaN, "a<b": 0 });
  history.onEpochEnd(2, { loss: 1, "a<b": 0.5 });
  const { "image/svg+xml": svg = "" } = notebook(history);
  expect(svg.match(/points="[^"]*"/g)).toEqual([
    'points="40.0,40.0 440.0,120.0"',
    'points="40.0,120.0 240.0,200.0 440.0,160.0"',
  ]);
  expect(svg).toContain(">a&lt;b</text>");
  // No numbers, no axis: the one text is the last epoch.
  expect(notebook(new callbacks.History())["image/svg+xml"]?.match(/<text[^>]*>[^<]*/g)).toEqual([
    '<text x="440" y="216">1',
  ]);
  expect(notebook(new callbacks.History())["image/svg+xml"]).toMatch(/\/><text [^>]*>1<\/text><\/svg>$/);
});

describe("tensors that are made", () => {
  it.each([
    ["zeros", () => ops.zeros([2]), "float32", [0, 0]],
    ["zeros of integers", () => ops.zeros([2], "int32"), "int32", [0, 0]],
    ["ones", () => ops.ones([1, 2], { dtype: "int32" }), "int32", [[1, 1]]],
    ["full", () => ops.full([2], 0.5), "float32", [0.5, 0.5]],
    ["zerosLike", () => ops.zerosLike(tensor(Int32Array.of(4, 5))), "int32", [0, 0]],
    ["onesLike", () => ops.onesLike([[2], [3]]), "float32", [[1], [1]]],
    ["fullLike", () => ops.fullLike(new Variable([2, 3]), 7), "float32", [7, 7]],
    ["arange", () => ops.arange(3), "int32", [0, 1, 2]],
    ["arange with a step", () => ops.arange(1, 2, 0.25), "float32", [1, 1.25, 1.5, 1.75]],
    ["arange downwards", () => ops.arange(5, 0, { step: -2 }), "int32", [5, 3, 1]],
    ["arange of nothing", () => ops.arange(2, 2), "int32", []],
    ["arange as floats", () => ops.arange(2, { dtype: "float32" }), "float32", [0, 1]],
    ["linspace", () => ops.linspace(0, 1, 5), "float32", [0, 0.25, 0.5, 0.75, 1]],
    [
      "linspace without its end",
      () => ops.linspace(0, 1, { num: 4, endpoint: false }),
      "float32",
      [0, 0.25, 0.5, 0.75],
    ],
    ["linspace of one", () => ops.linspace(3, 5, 1), "float32", [3]],
    [
      "eye",
      () => ops.eye(2),
      "float32",
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      "eye beside the diagonal",
      () => ops.eye(2, 3, 1),
      "float32",
      [
        [0, 1, 0],
        [0, 0, 1],
      ],
    ],
    [
      "eye below it",
      () => ops.eye(3, { M: 2, k: -1, dtype: "int32" }),
      "int32",
      [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
    ],
  ])("%s", (_name, made, dtype, values) => {
    const value = made();
    expect([value.dtype, value.toArray()]).toEqual([dtype, values]);
  });

  it("stay in WebAssembly memory, where operations read them without a copy", () => {
    for (const made of [ops.zeros([2]), ops.arange(2), ops.eye(2)]) {
      expect(made.numbers.buffer).toBe(new Variable([1]).value.buffer);
    }
  });

  it("ops.shape gives the lengths of the axes", () => {
    expect(ops.shape([[1, 2]])).toEqual([1, 2]);
    expect(ops.shape(3)).toEqual([]);
    expect(ops.shape(new Uint8Array(4))).toEqual([4]);
    expect(ops.shape(new Variable([[1], [2]]))).toEqual([2, 1]);
  });

  it.each([
    [() => ops.zeros(2 as never), 'zeros: "shape" must be an array of lengths, such as [10, 64], got 2.'],
    [() => ops.zeros([2], "float64" as never), 'zeros: "dtype" must be "float32" or "int32", got "float64".'],
    [() => ops.full([2], 0.5, "int32"), "full: an int32 holds whole numbers, got 0.5."],
    [() => ops.full([2], "x" as never), 'full: "fillValue" must be a number, got "x".'],
    [() => ops.arange(1, 2, 0), 'arange: "step" must not be 0.'],
  ])("refused: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("other objects as text: their options under the name of their class, without internal fields", () => {
  const shown = (value: object): [string, string[]] => {
    const fields = (value as { [INSPECT](): object })[INSPECT]();
    return [fields.constructor.name, Object.keys(fields)];
  };

  class Scale extends layers.Layer {
    factor: Variable | undefined;

    override build(): void {
      this.factor = this.addWeight([1], "ones", { name: "factor" });
    }

    override call(x: never) {
      return ops.multiply(x, this.factor as Variable);
    }
  }

  it.each<[object, string, string[]]>([
    [new layers.Dense(2, { inputShape: [3] }), "Dense", ["name", "activation", "useBias", "units"]],
    [new Sequential([new Scale({ inputShape: [1] })]).layers[0] as object, "Scale", ["name", "factor"]],
    // Bundlers rename one of two classes of a name: losses and metrics have this one.
    [new losses.Hinge(), "Hinge", ["name", "reduction"]],
    [new metrics.Hinge(), "Hinge", ["name", "total", "count"]],
  ])("%#", (value, name, fields) => {
    expect(shown(value)).toEqual([name, fields]);
  });

  it("symbolic tensors", () => {
    const output = new layers.Dense(2, { name: "out" }).apply(Input({ shape: [3] }));
    expect(logged(output)).toBe('SymbolicTensor "out" float32 [null, 2]');
    expect(`${output}`).toBe(logged(output));
  });

  const names = Object.keys(optimizers).filter((name) => /^[A-Z]/.test(name));
  const made = names.flatMap((name) => {
    try {
      return [optimizers.get(name)];
    } catch {
      return [];
    }
  });

  /** The options that its class knows, which the error of an unknown one lists. */
  const optionsOf = (one: object): string[] => {
    try {
      new (one.constructor as new (options: object) => unknown)({ nosuch: 1 });
    } catch (error) {
      return (/Its options are: (.*)\.$/.exec((error as Error).message)?.[1] ?? "").split(", ");
    }
    return [];
  };

  // LBFGS has the properties of all optimizers, and takes few of their options.
  const rules = made.filter(({ className }) => className !== "LBFGS");

  it.each(rules.map((one) => [one.className, one] as const))("%s", (name, one) => {
    const [own, fields] = shown(one);
    const known = [...optionsOf(one), "iterations", "innerOptimizer"];
    expect(own).toBe(name);
    expect(fields.slice(0, 3)).toEqual(["name", "learningRate", "iterations"]);
    expect(fields.filter((field) => !known.includes(field))).toEqual([]);
  });

  it("wrappers show the inner optimizer", () => {
    const [name, fields] = shown(new SAM(new SGD()));
    expect([name, fields.slice(-2)]).toEqual(["SAM", ["innerOptimizer", "rho"]]);
  });
});
