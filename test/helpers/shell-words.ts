/** The words that a POSIX shell hands to `program` in this line, which may be one of several in a pipe. */
export function readShellWords(line: string, program: string): string[] {
  const command = splitCommands(line).find(([name]) => name === program);
  if (!command) throw new Error(`${program} is not called in: ${line}`);
  return command.slice(1);
}

/** Knows quotes, pipes and redirections, as examples have them; a substitution stays one word. */
function splitCommands(line: string): string[][] {
  const pieces = line.matchAll(/\|\||[|<>]|(?:'[^']*'|"[^"]*"|[^\s'"|<>])+/g);
  const commands: string[][] = [[]];
  let isRedirected = false;
  for (const [piece] of pieces) {
    if (piece.startsWith('|')) commands.push([]);
    else if (piece === '<' || piece === '>') isRedirected = true;
    else if (isRedirected) isRedirected = false;
    else commands.at(-1)?.push(piece.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  return commands;
}
