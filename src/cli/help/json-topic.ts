import { ENVELOPE_KEYS, OTHER_DOCUMENTS } from '../../output/envelope-keys.ts';
import type { Topic } from './topic.ts';

export function describeJson(): Topic {
  return [
    {
      heading: 'The envelope, luau-exec.result/v1',
      paragraphs: [
        '--json prints one line with one document, also when something fails. Every key is always there, null where its value is not known; later versions may add keys.',
      ],
      entries: ENVELOPE_KEYS.map(([term, text]) => ({ term, text })),
    },
    {
      heading: 'Other documents',
      paragraphs: [],
      entries: OTHER_DOCUMENTS.map(([term, text]) => ({ term, text })),
    },
  ];
}
