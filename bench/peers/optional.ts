/** A package of bench/package.json, which may not be installed. */
export async function optional<T>(name: string): Promise<T> {
  return (await import(name)) as T;
}
