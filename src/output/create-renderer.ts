import { humanRenderer } from './human.ts';
import { jsonRenderer } from './json.ts';
import type { OutputFormat } from './output-choice.ts';
import type { Renderer, RendererOptions } from './renderer.ts';

/** The renderer of a format; those for machines are loaded where they are asked for. */
export async function createRenderer(format: OutputFormat, options: RendererOptions): Promise<Renderer> {
  switch (format) {
    case 'human':
      return humanRenderer;
    case 'json':
      return jsonRenderer;
    case 'ndjson':
      return (await import('./ndjson.ts')).createNdjsonRenderer(options);
    case 'junit':
      return (await import('./junit.ts')).createJunitRenderer(options);
    case 'github':
      return (await import('./github.ts')).createGithubRenderer(options);
  }
}
