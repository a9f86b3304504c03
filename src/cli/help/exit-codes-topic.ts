import { EXIT_CODE_MEANINGS, EXIT_CODES, SIGNAL_CODES, WORST_FIRST } from '../exit-codes.ts';
import type { Topic } from './topic.ts';

export function describeExitCodes(): Topic {
  const signals = [...SIGNAL_CODES.values()];
  const numbers = new Map<string, number>(Object.entries(EXIT_CODES));
  // These belong to commands about one task, where there is nothing to choose from.
  const alone: readonly number[] = [...signals, EXIT_CODES.pending, EXIT_CODES.not_cancelled];
  const order = WORST_FIRST.filter((code) => !alone.includes(code));
  return [
    {
      heading: 'Exit codes',
      paragraphs: [],
      entries: Object.entries(EXIT_CODE_MEANINGS).map(([name, text]) => ({
        term: `${numbers.get(name) ?? signals.join(', ')} ${name}`,
        text,
      })),
    },
    {
      heading: 'Several scripts',
      paragraphs: [
        `The process ends with the code that most needs somebody to look, the first of these that occurred: a signal, ${order.join(', ')}.`,
        'Logs that cannot be read never change the code, unless --require-logs asks for it.',
      ],
      entries: [],
    },
  ];
}
