import { defineConfig } from 'vitest/config';

/** The tests that mutants have to fail: tables, which always say the same, and none that needs a build. */
export default defineConfig({
  test: {
    include: [
      'test/open-cloud/{pacing,retry,retry-loop,task-path}.test.ts',
      'test/task/{poll-cadence,live-messages,harness-marks,guard-mark}.test.ts',
      'test/history/place-versions.test.ts',
      'test/output/{redact,sanitize}.test.ts',
    ],
    isolate: false,
    reporters: ['dot'],
  },
});
