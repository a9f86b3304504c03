import { FIELDS } from '../../config/fields.ts';
import type { Entry } from './layout.ts';
import type { Topic } from './topic.ts';

/** What is read besides the settings; a test looks through the source for any that is missing here. */
const TOOL_VARIABLES: readonly Entry[] = [
  {
    term: 'LUAU_EXEC_STATE_DIR',
    text: 'directory of the journal, which knows what was sent from this machine',
  },
];

const SYSTEM_VARIABLES: readonly Entry[] = [
  {
    term: 'FORCE_COLOR',
    text: 'colour also without a terminal; 0 or false is never; --color and --no-color win',
  },
  { term: 'NO_COLOR', text: 'no colour, unless FORCE_COLOR is set' },
  { term: 'TERM', text: 'dumb is a terminal without colour and spinner' },
  {
    term: 'CI, GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION, JENKINS_URL',
    text: 'a build server: lines instead of a spinner',
  },
  {
    term: 'GITHUB_ACTIONS',
    text: 'true: annotations and folded logs, and nothing that a script prints is a workflow command',
  },
  { term: 'GITHUB_WORKSPACE', text: 'what the files of annotations are relative to' },
  {
    term: 'GITHUB_OUTPUT, GITHUB_STEP_SUMMARY',
    text: 'files that run and wait add to where GITHUB_ACTIONS is true, or with --output github',
  },
  {
    term: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY',
    text: 'proxies, in lower case first; HTTP_PROXY is for both where it stands alone',
  },
  { term: 'NODE_EXTRA_CA_CERTS', text: 'a further certificate authority, which Node reads itself' },
  { term: 'HOME, XDG_CONFIG_HOME, XDG_STATE_HOME', text: 'where your own config and the journal are' },
  { term: 'APPDATA, LOCALAPPDATA, USERPROFILE', text: 'the same on Windows' },
  {
    term: 'MSYSTEM',
    text: 'on Windows, that a shell such as Git Bash is in use, so hints are in its words and not in those of PowerShell',
  },
  { term: 'PWD', text: 'where you stand, if that directory has been deleted' },
];

export function describeEnvironment(): Topic {
  return [
    {
      heading: 'Settings',
      paragraphs: [
        'An option beats a variable, which beats a config file. Of several variables the first that is set counts. One that is empty counts as not set.',
      ],
      entries: Object.values(FIELDS).map(({ environment, label, flag }) => ({
        term: environment.join(', '),
        text: `${label}; as an option: ${flag}`,
      })),
    },
    {
      heading: 'In a config file',
      paragraphs: ['$' + '{NAME} in a value stands for the variable NAME, which must then be set.'],
      entries: [],
    },
    { heading: 'Of this program', paragraphs: [], entries: TOOL_VARIABLES },
    { heading: 'Of the system', paragraphs: [], entries: SYSTEM_VARIABLES },
  ];
}
