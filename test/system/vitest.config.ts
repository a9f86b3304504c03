import { defineConfig } from 'vitest/config';

/** Tests that need programs of the system, which a machine may not have; `npm run test:system` runs them. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.test.ts'],
    globalSetup: ['test/helpers/build-once.ts'],
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
