import { defineConfig } from 'vitest/config';

/** Tests that take minutes; `npm run test:kill` runs them. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.test.ts'],
    globalSetup: ['test/helpers/build-once.ts'],
    isolate: false,
    hookTimeout: 30_000,
  },
});
