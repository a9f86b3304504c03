import { PROJECT_FILES, USER_FILES } from '../../config/search-places.ts';
import type { Topic } from './topic.ts';

const CONFIG_DIRECTORY = '$XDG_CONFIG_HOME/luau-exec or ~/.config/luau-exec';
const STATE_DIRECTORY = '$LUAU_EXEC_STATE_DIR, $XDG_STATE_HOME/luau-exec or ~/.local/state/luau-exec';

export function describeFiles(): Topic {
  return [
    {
      heading: 'Files',
      paragraphs: [],
      entries: [
        {
          term: PROJECT_FILES.join(', '),
          text: 'settings of a project: the first of these that holds any, from the working directory up to the project root; of package.json the key luauexec',
        },
        {
          term: USER_FILES.join(', '),
          text: `your own settings, where no project has any; in ${CONFIG_DIRECTORY}`,
        },
        {
          term: 'credentials',
          text: `API keys that auth set has stored because no keyring works; in ${CONFIG_DIRECTORY}`,
        },
        { term: 'journal-*.jsonl', text: `what was sent from this machine; in ${STATE_DIRECTORY}` },
        {
          term: 'live-*.jsonl',
          text: 'log messages of a run that is shown live, as long as it is; in the same directory',
        },
        { term: '.luaurc, .config.luau', text: 'aliases for require, beside a script or above it' },
      ],
    },
    {
      heading: 'On other systems',
      paragraphs: [
        'macOS, without the XDG variables: ~/Library/Application Support/luau-exec. Windows: %APPDATA%\\luau-exec for settings, %LOCALAPPDATA%\\luau-exec\\State for the journal.',
      ],
      entries: [],
    },
  ];
}
