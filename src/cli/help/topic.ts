import type { Entry } from './layout.ts';

/** Some paragraphs and a list, either of which may be empty. */
export interface TopicSection {
  /** Without a colon at its end. */
  heading: string;
  paragraphs: readonly string[];
  entries: readonly Entry[];
}

/** A page of help on something that belongs to no one command. */
export type Topic = readonly TopicSection[];
