import { configDefaults, defineConfig } from 'vitest/config';
import { luauAsText } from './test/helpers/luau-as-text.ts';

export default defineConfig({
  plugins: [luauAsText()],
  test: {
    include: ['test/**/*.test.ts'],
    // These need programs of the system or take minutes, and have scripts of their own.
    exclude: [...configDefaults.exclude, 'test/system/**', 'test/soak/**'],
    globalSetup: ['test/helpers/build-once.ts'],
    // Files share one module graph each worker: nothing in the project keeps state in a module.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: process.env.CI ? ['default'] : ['dot'],
  },
});
