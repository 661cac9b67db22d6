import { beforeEach, describe, expect, it } from "vitest";
import {
  DisposedError,
  GradientTape,
  type GradientTapeOptions,
  ops,
  SGD,
  type Tensor,
  tensor,
  Variable,
  zip,
} from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

const values = (list: (Tensor | null)[]) => list.map((tensor) => (tensor === null ? null : [...tensor.array()]));

describe("a tape", () => {
  let w: Variable;
  let b: Variable;
  const x = [
    [1, 2],
    [3, 4],
  ];
  // z = x w + b, y = z z^T: a square, so that a gradient has several contributions.
  const loss = () => {
    const z = ops.dense(x, w, b);
    return ops.matmul(z, z, { transposeB: true });
  };

  beforeEach(() => {
    w = new Variable([[1], [-1]], { name: "w" });
    b = new Variable([0.5], { name: "b" });
  });

  it("computes gradients of the operations in run", () => {
    const tape = new GradientTape();
    const y = tape.run(loss);
    expect([...y.array()]).toEqual([0.25, 0.25, 0.25, 0.25]);
    // The sum of all is (z0 + z1)^2: 2 (z0 + z1) times the sums of the columns of x, and 2.
    expect(values(tape.gradient(y, [w, b]))).toEqual([[-8, -12], [-4]]);
  });

  it("records from the constructor on, without run", () => {
    using tape = new GradientTape();
    const y = loss();
    expect(values(tape.gradient(y, [w, b]))).toEqual([[-8, -12], [-4]]);
  });

  it("returns one gradient for one source, null without a path to it", () => {
    const other = new Variable([1], { name: "other" });
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(loss);
    expect([...(tape.gradient(y, b)?.array() ?? [])]).toEqual([-4]);
    expect(tape.gradient(y, other)).toBeNull();
    expect([...(tape.gradient(y, other, { unconnectedGradients: "zero" })?.array() ?? [])]).toEqual([0]);
  });

  it("returns gradients of intermediate and of watched tensors", () => {
    const input = tensor(x);
    const tape = new GradientTape({ persistent: true });
    const [z, y] = tape.run(() => {
      tape.watch(input);
      const z = ops.matmul(input, w);
      return [z, ops.matmul(z, z, { transposeA: true })];
    });
    expect(values(tape.gradient(y, [z, input]))).toEqual([
      [-2, -2],
      [-2, 2, -2, 2],
    ]);
    const fresh = new GradientTape();
    expect(
      fresh.gradient(
        fresh.run(() => ops.matmul(input, [[1], [1]])),
        input,
      ),
    ).toBeNull();
  });

  it("weighs targets, and adds several", () => {
    const tape = new GradientTape({ persistent: true });
    const z = tape.run(() => ops.dense(x, w, b));
    expect(values(tape.gradient(z, [w], { outputGradients: tensor([[1], [10]]) }))).toEqual([[31, 42]]);
    const [p, q] = tape.run(() => [ops.matmul([[1, 0]], w), ops.matmul([[0, 3]], w)] as const);
    expect(values(tape.gradient([p, q], [w]))).toEqual([[1, 3]]);
  });

  it("watches tensors passed to watch", () => {
    const fixed = new Variable([[1], [1]], { name: "fixed", trainable: false });
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(() => ops.matmul(x, fixed));
    expect(tape.gradient(y, fixed)).toBeNull();
    const watching = new GradientTape({ watchAccessedVariables: false });
    const [own, unwatched] = watching.run(() => {
      watching.watch(fixed);
      return [ops.matmul(x, fixed), ops.matmul(x, w)] as const;
    });
    expect(watching.watchedVariables()).toEqual([fixed]);
    expect(values(watching.gradient([own, unwatched], [fixed, w]))).toEqual([[4, 6], null]);
  });

  it("stops: at stopGradient, in stopRecording, after run", () => {
    const tape = new GradientTape({ persistent: true });
    const stopped = tape.run(() => ops.matmul(ops.stopGradient(ops.matmul(x, w)), [[1]]));
    const unrecorded = tape.run(() => tape.stopRecording(() => ops.matmul(x, w)));
    const after = ops.matmul(x, w);
    for (const y of [stopped, unrecorded, after]) expect(tape.gradient(y, w)).toBeNull();
  });

  it("takes custom gradients", () => {
    const doubled = ops.customGradient((a) => [ops.matmul(a, [[1]]), (dy) => ops.matmul(dy, [[2]])]);
    const tape = new GradientTape();
    const y = tape.run(() => doubled(w));
    expect(values(tape.gradient(y, [w]))).toEqual([[2, 2]]);
  });
});

describe("refusals", () => {
  const w = new Variable([[1]], { name: "w" });

  it("a second gradient of a tape that is not persistent", () => {
    const tape = new GradientTape();
    const y = tape.run(() => ops.matmul(w, w));
    tape.gradient(y, w);
    expect(() => tape.gradient(y, w)).toThrow(
      thrown(
        "ValueError",
        "ERR_TAPE",
        "gradient() can be called only once on a tape that is not persistent. Use new GradientTape({ persistent: true }), or pass all sources in one call.",
      ),
    );
  });

  it.each([false, true])("a gradient after dispose, persistent: %s", (persistent) => {
    const tape = new GradientTape({ persistent });
    const y = tape.run(() => ops.matmul(w, w)) as Tensor;
    tape.dispose();
    expect(() => tape.gradient(y, w)).toThrow(DisposedError);
    expect(() => tape.gradient(y, w)).toThrow(
      thrown(
        "DisposedError",
        "ERR_DISPOSED",
        "This tape was disposed of, with everything that it recorded. Call gradient() first.",
      ),
    );
    const again = tape.run(() => ops.matmul(w, w)) as Tensor;
    expect(tape.gradient(again, w)?.array()).toEqual(new Float32Array([2]));
    tape.dispose();
  });

  it("something other than a function to run; it records on", () => {
    const tape = new GradientTape();
    const run = () => tape.run(3 as never);
    expect(run).toThrow(TypeError);
    expect(run).toThrow(
      expect.objectContaining({
        code: "ERR_TAPE",
        message: "run takes a function, which computes with operations, got 3.",
      }),
    );
    expect(tape.gradient(ops.matmul(w, w), w)?.array()).toEqual(new Float32Array([2]));
  });

  describe("something other than a function to run changes nothing", () => {
    const refuse = (tape: GradientTape) => {
      for (const body of [1, null, undefined, {}, "x", async () => w, class {}]) {
        expect(() => tape.run(body as never)).toThrow(expect.objectContaining({ name: "TypeError", code: "ERR_TAPE" }));
      }
    };
    const product = () => ops.matmul(w, w);

    it("a new tape records from its construction on, and runs", () => {
      const open = new GradientTape();
      refuse(open);
      expect(open.gradient(product(), w)?.array()).toEqual(new Float32Array([2]));
      const tape = new GradientTape();
      refuse(tape);
      const y = tape.run(product);
      // It is closed by `run`, and records no more.
      const outside = product();
      refuse(tape);
      expect(tape.watchedVariables()).toEqual([w]);
      expect(tape.gradient([y, outside], w)?.array()).toEqual(new Float32Array([2]));
    });

    it("one that ran does not record again, and keeps its record", () => {
      const other = new Variable([[1]], { name: "other" });
      const tape = new GradientTape({ persistent: true });
      const y = tape.run(product);
      refuse(tape);
      const later = ops.matmul(other, other);
      expect(tape.watchedVariables()).toEqual([w]);
      expect(tape.gradient(later, other)).toBeNull();
      expect(tape.gradient(y, w)?.array()).toEqual(new Float32Array([2]));
      refuse(tape);
      expect(tape.gradient(y, w)?.array()).toEqual(new Float32Array([2]));
      tape.dispose();
    });

    it("a used tape stays used", () => {
      const tape = new GradientTape();
      const y = tape.run(product);
      tape.gradient(y, w);
      refuse(tape);
      const later = product();
      expect(() => tape.gradient(later, w)).toThrow(/can be called only once/);
      expect(tape.gradient(tape.run(product), w)?.array()).toEqual(new Float32Array([2]));
    });

    it("one that was disposed of stays disposed of", () => {
      const tape = new GradientTape();
      tape.dispose();
      refuse(tape);
      expect(() => tape.gradient(product(), w)).toThrow(DisposedError);
    });

    it("inside of its run, and of another tape's", () => {
      const outer = new GradientTape();
      const y = outer.run(() => {
        refuse(outer);
        const inner = new GradientTape({ persistent: true });
        inner.run(product);
        refuse(inner);
        return product();
      });
      expect(outer.gradient(y, w)?.array()).toEqual(new Float32Array([2]));
    });
  });

  it("options, targets and output gradients that do not fit", () => {
    const y = ops.matmul(w, w);
    const make = (options: unknown) => () => new GradientTape(options as GradientTapeOptions);
    expect(make({ persist: true })).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'GradientTape does not know "persist" (did you mean "persistent"?). Its options are: persistent, watchAccessedVariables.',
      ),
    );
    const tape = new GradientTape({ persistent: true });
    expect(() => tape.gradient(3 as never, w)).toThrow(
      thrown("TypeError", "ERR_TAPE", "gradient: the target is a tensor or a list of them, got 3."),
    );
    expect(() => tape.gradient(y, [3 as never])).toThrow(
      thrown(
        "TypeError",
        "ERR_TAPE",
        "gradient: sources are variables or tensors, such as model.trainableWeights, got 3.",
      ),
    );
    expect(() => tape.gradient(y, w, { outputGradients: tensor([1, 2]) })).toThrow(
      thrown("ValueError", "ERR_TAPE", "gradient: expected an output gradient of 1 value (1 x 1), got 2 values."),
    );
    tape.dispose();
  });
});

it("a variable that was changed since is refused, not differentiated at its new value", () => {
  const w = new Variable([[3]], { name: "w" });
  const tape = new GradientTape({ persistent: true });
  const y = tape.run(() => ops.matmul(w, w));
  new SGD({ learningRate: 0.5 }).applyGradients(zip(tape.gradient(y, [w]), [w]));
  expect(() => tape.gradient(y, w)).toThrow(
    thrown(
      "ValueError",
      "ERR_TAPE",
      'The variable "w" was changed after the tape had recorded its use, so gradients would be wrong. Call gradient() before applyGradients, apply or assign.',
    ),
  );
  const again = tape.run(() => ops.matmul(w, w));
  expect(tape.gradient(again, w)?.item()).toBe(0);
  tape.dispose();
});
