import { defineConfig } from 'vitest/config';

// As the project's own, without building the engines: the copy of the tree uses those of the checkout.
export default defineConfig({
  test: { pool: 'forks', include: ['test/**/*.test.ts'], globalSetup: [] },
});
