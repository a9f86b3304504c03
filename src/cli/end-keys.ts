/** What ends the input of a terminal. */
export function nameEndKeys(platform: string): string {
  return platform === 'win32' ? 'Ctrl-Z and Enter' : 'Ctrl-D';
}
