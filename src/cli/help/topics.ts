import { describeEnvironment } from './environment-topic.ts';
import { describeExitCodes } from './exit-codes-topic.ts';
import { describeFiles } from './files-topic.ts';
import { describeJson } from './json-topic.ts';
import { describeLimits } from './limits-topic.ts';
import type { Topic } from './topic.ts';
import type { TopicName } from './topic-names.ts';

/** Each is made from the data that the code itself goes by. */
export const TOPICS: Readonly<Record<TopicName, () => Topic>> = {
  'exit-codes': describeExitCodes,
  environment: describeEnvironment,
  files: describeFiles,
  limits: describeLimits,
  json: describeJson,
};
