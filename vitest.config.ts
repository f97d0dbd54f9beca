import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/unit/**/*.test.ts', 'test/integration/**/*.test.ts', 'test/hazards/**/*.test.ts', 'test/package/**/*.test.ts'],
    globalSetup: ['test/build-engine.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
