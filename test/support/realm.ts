/** Another realm: classes of the platform that `instanceof` takes for strangers. */

/** Values of a realm. */
export interface Realm {
  readonly float32: (values: readonly number[]) => Float32Array<ArrayBuffer>;
  readonly float64: (values: readonly number[]) => Float64Array<ArrayBuffer>;
  readonly int32: (values: readonly number[]) => Int32Array<ArrayBuffer>;
  /** A view of somebody's memory. */
  readonly view: (buffer: ArrayBuffer, offset: number, length: number) => Float32Array;
  /** The value of an expression. */
  readonly made: <T>(expression: string) => T;
}

interface Vm {
  createContext(): object;
  runInContext(code: string, context: object): unknown;
}

/** This realm, in the same form. */
export const ownRealm: Realm = realmOf((expression) => new Function(`return ${expression}`)());

/** An iframe in a page, a vm context elsewhere. */
export function otherRealm(): Realm {
  if (typeof document !== "undefined") {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const inside = frame.contentWindow as unknown as { eval(code: string): unknown };
    return realmOf((expression) => inside.eval(`(${expression})`));
  }
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: string): Vm } };
  const vm = process.getBuiltinModule("node:vm");
  const context = vm.createContext();
  return realmOf((expression) => vm.runInContext(`(${expression})`, context));
}

function realmOf(run: (expression: string) => unknown): Realm {
  const made = <T>(expression: string) => run(expression) as T;
  return {
    float32: made("(values) => new Float32Array(values)"),
    float64: made("(values) => new Float64Array(values)"),
    int32: made("(values) => new Int32Array(values)"),
    view: made("(...place) => new Float32Array(...place)"),
    made,
  };
}
