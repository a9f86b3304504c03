import { SERVICE_LIMITS } from '../../open-cloud/limits.ts';
import { OPERATIONS } from '../../open-cloud/operations.ts';
import type { Topic } from './topic.ts';

export function describeLimits(): Topic {
  // What goes past the API, to a store for files, has no limit that is known, and no key.
  const requests = Object.entries(OPERATIONS).filter(([, { keyPlace }]) => keyPlace !== 'none');
  return [
    {
      heading: 'Limits of Open Cloud',
      paragraphs: [],
      entries: SERVICE_LIMITS.map(({ what, limit, source }) => ({
        term: what,
        text: source === null ? limit : `${limit} (${source})`,
      })),
    },
    {
      heading: 'Requests in a minute',
      paragraphs: [
        'They count for all keys of one owner together. The service says in its answers what is left, and luau-exec goes by that. The document that these numbers are from contradicts itself: for sending a script it also names 5, and 45 for reading a task, where 200 were confirmed (capture).',
      ],
      entries: requests.map(([name, { title, limitPerMinute }]) => ({
        term: name === 'createTaskAtVersion' ? `${title}, at a place version` : title,
        text: limitPerMinute === null ? 'not known' : `${limitPerMinute} (spec)`,
      })),
    },
    {
      heading: 'How sure that is',
      paragraphs: [
        'luau-exec was written without access to the live service. docs/open-cloud.md has more, with its sources.',
      ],
      entries: [
        { term: 'spec', text: "Roblox's OpenAPI document says so" },
        { term: 'capture', text: 'somebody measured it on the live service and published it' },
        { term: 'not known', text: 'nobody has published it' },
      ],
    },
  ];
}
