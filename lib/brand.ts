type AnyClass = abstract new (...args: never[]) => object;

/**
 * Names a class on its prototype and lets `instanceof` recognise the instances that another installed copy of
 * this package made. A class that a user derives keeps the ordinary meaning of `instanceof`.
 */
export function brand(constructor: AnyClass, name: string): void {
  const symbol = Symbol.for(`boxlite-ffi.${name}`);
  Object.defineProperty(constructor.prototype, symbol, { value: true });
  Object.defineProperty(constructor.prototype, 'name', { value: name, writable: true, configurable: true });
  Object.defineProperty(constructor, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this === constructor) return typeof value === 'object' && value !== null && symbol in value;
      return Function.prototype[Symbol.hasInstance].call(this as AnyClass, value);
    },
  });
}
