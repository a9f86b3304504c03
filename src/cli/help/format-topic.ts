import { layOutEntries, layOutParagraph, longestTerm } from './layout.ts';
import type { Topic } from './topic.ts';

export interface FormatTopicOptions {
  widthColumns: number;
  /** For headings. */
  bold: (text: string) => string;
}

/** A topic as text that ends with a line break. */
export function formatTopic(topic: Topic, { widthColumns, bold }: FormatTopicOptions): string {
  const termColumns = Math.max(...topic.map(({ entries }) => longestTerm(entries)));
  const blocks = topic.map(({ heading, paragraphs, entries }) => {
    const parts = [...paragraphs.map((text) => layOutParagraph(text, { widthColumns }))];
    if (entries.length > 0) parts.push(layOutEntries(entries, { widthColumns, termColumns }));
    return `${bold(`${heading}:`)}\n${parts.map((lines) => lines.join('\n')).join('\n\n')}`;
  });
  return `${blocks.join('\n\n')}\n`;
}

/** `luau-exec.help/v1`, on one line. */
export function formatTopicJson(name: string, topic: Topic): string {
  const sections = topic.map(({ heading, paragraphs, entries }) => ({
    heading,
    paragraphs,
    entries: entries.map(({ term, text }) => ({ term, text })),
  }));
  return `${JSON.stringify({ schema: 'luau-exec.help/v1', topic: name, sections })}\n`;
}
