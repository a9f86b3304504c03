/** What GitHub's runner made of a step's output. */
export interface RunnerReading {
  /** Commands that were obeyed, those to turn commands off and on left out. */
  commands: string[];
  /** Lines that the runner would have taken for commands, had commands not been turned off. */
  suspects: string[];
  /** True when commands were turned off and not on again. */
  isStopped: boolean;
}

const COMMANDS = [
  'error',
  'warning',
  'notice',
  'debug',
  'group',
  'endgroup',
  'add-mask',
  'set-output',
  'set-env',
];
const STOP = 'stop-commands';

/**
 * Reads output as the runner does (actions/runner, ActionCommand.cs and ActionCommandManager.cs): line by line, blanks
 * before `::` passed over, `##[` found anywhere, characters that nobody sees not compared.
 */
export function readAsRunner(output: string): RunnerReading {
  const reading: RunnerReading = { commands: [], suspects: [], isStopped: false };
  let token: string | null = null;
  for (const raw of output.split(/\r\n|\r|\n/)) {
    const line = raw.replace(/\p{DI}/gu, '').trimStart();
    const command = parseColons(line) ?? parseHashes(line);
    if (command === null) continue;
    const isKnown = [...COMMANDS, STOP].includes(command.name.toLowerCase());
    if (token !== null) {
      if (command.name === token) token = null;
      else if (isKnown) reading.suspects.push(raw);
    } else if (command.name === STOP) token = command.data;
    else if (isKnown) reading.commands.push(raw);
  }
  return { ...reading, isStopped: token !== null };
}

function parseColons(line: string): { name: string; data: string } | null {
  const end = line.indexOf('::', 2);
  if (!line.startsWith('::') || end < 0) return null;
  return { name: line.slice(2, end).split(' ')[0] ?? '', data: line.slice(end + 2) };
}

function parseHashes(line: string): { name: string; data: string } | null {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return null;
  return { name: line.slice(start + 3, end).split(' ')[0] ?? '', data: line.slice(end + 1) };
}
