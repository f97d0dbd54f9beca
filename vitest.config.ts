import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // The runner is tried with the library's sources, as everything else is.
    alias: [{ find: /^boxlite-ffi$/, replacement: join(__dirname, 'lib/index.ts') }],
  },
  test: {
    pool: 'forks',
    include: [
      'test/unit/**/*.test.ts',
      'test/integration/**/*.test.ts',
      'test/hazards/**/*.test.ts',
      'test/package/**/*.test.ts',
      'runner/test/*.test.ts',
      'test/cli/*.test.ts',
    ],
    globalSetup: ['test/build-engine.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
