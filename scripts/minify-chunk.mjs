import { minifySync } from 'rolldown/utils';

/**
 * A plugin for rolldown that minifies one chunk: for other people's code, whose stack traces help nobody here. Our own
 * stays readable for bug reports.
 */
export function minifyChunk(name) {
  return {
    name: 'minify-chunk',
    renderChunk: (code, chunk) => (chunk.name === name ? minifySync(chunk.fileName, code).code : null),
  };
}
