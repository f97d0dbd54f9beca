// The package as it is shipped: compiled, from the root's dist/.
import { createRequire } from 'node:module';

type Package = typeof import('../dist/index.js');
type Machine = typeof import('../dist/bench/machine.js');
type Bar = typeof import('../dist/bench/progress.js');

const load = createRequire(import.meta.url);

/** Loaded only in the process that measures it. */
export function packageUnderTest(): Package {
  return load('../../dist/index.js') as Package;
}

export function machineModule(): Machine {
  return load('../../dist/bench/machine.js') as Machine;
}

export function progressModule(): Bar {
  return load('../../dist/bench/progress.js') as Bar;
}
