import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The longer suite that wants a browser: `npm run test:browser`. */
export default defineConfig({
  resolve: { alias: [{ find: /^boxlite-ffi$/, replacement: join(__dirname, '..', 'lib/index.ts') }] },
  test: {
    pool: 'forks',
    include: ['runner/test/browser/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
