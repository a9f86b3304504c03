import type { RawValue } from '../parse-setting.ts';

/** What a new config file says. */
export interface ConfigContent {
  universeId: string;
  placeId: string;
  /** As it will stand there: the key itself, or `${NAME}`. Null where the key comes from elsewhere. */
  apiKey: RawValue | null;
  /** A line on where the key comes from, without the `#`. */
  keyComment: string;
  /** Further settings by name, as a parser of YAML or JSON gives them. */
  kept: Readonly<Record<string, unknown>>;
}

const HEADING =
  '# Settings of luau-exec here and in the directories below; `luau-exec config` shows what counts.';

/** The text of a `.luauexecrc`, in YAML. Ids are in quotes, as a bare number past 2^53 would be rounded. */
export function formatConfig(content: ConfigContent): string {
  const { universeId, placeId, apiKey, keyComment, kept } = content;
  const lines = [
    HEADING,
    `universeId: ${formatScalar(universeId)}`,
    `placeId: ${formatScalar(placeId)}`,
    `# ${keyComment}`,
    ...(apiKey === null ? [] : [`apiKey: ${formatScalar(apiKey)}`]),
    ...formatMapping(kept, ''),
  ];
  return `${lines.join('\n')}\n`;
}

function formatMapping(mapping: object, indent: string): string[] {
  return Object.entries(mapping).flatMap(([name, value]: [string, unknown]) => {
    const key = `${indent}${formatKey(name)}:`;
    if (typeof value !== 'object' || value === null) return [`${key} ${formatScalar(value)}`];
    const inner = formatMapping(value, `${indent}  `);
    return inner.length === 0 ? [`${key} {}`] : [key, ...inner];
  });
}

/** A name of a target can be `1`, `no` or `null`, which YAML reads as something else than a word. */
function formatKey(name: string): string {
  return /^[a-z]+[A-Z]\w*$|^(?:timeout|target|targets|cancellable|live)$/.test(name)
    ? name
    : formatScalar(name);
}

/** JSON is YAML, but for characters that YAML wants escaped and JSON does not. */
function formatScalar(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
