/** A deliberate break of one line, and the test that must notice it. */
export interface Mutant {
  /** What the break does, in words with dashes: `--only` takes it. */
  name: string;
  file: string;
  /** Found exactly once in the file. */
  find: string;
  replace: string;
  caughtBy: Catcher;
}

/** A named test: of the C++ tests, or of vitest with its file. */
export type Catcher = { gtest: string } | { vitest: string; test: string };

export function gtest(name: string): Catcher {
  return { gtest: name };
}

/** @param file - Below test/, without its ending. */
export function vitest(file: string, test: string): Catcher {
  return { vitest: `test/${file}.test.ts`, test };
}

export function nameOf(catcher: Catcher): string {
  return 'gtest' in catcher ? catcher.gtest : `${catcher.vitest} > ${catcher.test}`;
}
