/**
 * Classes that can also be called as functions, as in Python: `l2(0.01)` is `new L2(0.01)`.
 *
 * @module
 */

/** A class that may be called without `new`. */
export type WithoutNew<C extends new (...given: never[]) => object> = C &
  ((...given: ConstructorParameters<C>) => InstanceType<C>);

/** The class itself, for `instanceof`, `new` and options that take a class; calling it creates an object. */
export function withoutNew<C extends new (...given: never[]) => object>(made: C): WithoutNew<C> {
  return new Proxy(made, { apply: (target, _self, given) => Reflect.construct(target, given) }) as WithoutNew<C>;
}
