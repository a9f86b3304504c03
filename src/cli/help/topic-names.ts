/** What `luau-exec help TOPIC` tells of. The texts themselves are in `topics.ts`, which only that command loads. */
export const TOPIC_SUMMARIES = {
  'exit-codes': 'what each exit code means',
  environment: 'every environment variable that is read',
  files: 'the files that are read and written, and where they are',
  limits: 'what Open Cloud allows, and how surely that is known',
  json: 'what --json prints',
} as const;

export type TopicName = keyof typeof TOPIC_SUMMARIES;

export function isTopicName(name: string): name is TopicName {
  return Object.hasOwn(TOPIC_SUMMARIES, name);
}
