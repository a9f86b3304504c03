/** One limit of the service, in words, and how it is known: the marks are those of docs/open-cloud.md. */
export interface ServiceLimit {
  what: string;
  limit: string;
  /** Null where nothing is known. */
  source: string | null;
}

/** What is known of Open Cloud's limits besides those on requests; docs/open-cloud.md has the same table. */
export const SERVICE_LIMITS: readonly ServiceLimit[] = [
  { what: 'script', limit: '4 MB', source: 'spec' },
  { what: 'run', limit: '5 minutes', source: 'spec' },
  {
    what: 'returned values, as JSON',
    limit: "4 MB; 4,194,304 in Roblox's message",
    source: 'spec, capture',
  },
  { what: 'logs', limit: '450 KB, the oldest go first', source: 'spec' },
  {
    what: 'unfinished tasks of one place',
    limit: '10; one more is answered with 429',
    source: 'spec',
  },
  { what: 'how long a finished task can be read', limit: '24 hours', source: 'spec' },
  { what: 'binary input, binary output', limit: '100 MiB, 256 MiB', source: 'spec' },
  { what: 'memory of a script', limit: 'not known', source: null },
];
