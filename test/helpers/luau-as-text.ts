const TEXT_FILES = /\.(?:luau|bash|zsh|fish|ps1)$/;

/** For vitest, what the build does too: a Luau file that is imported is its text, and so is a shell's script. */
export function luauAsText() {
  return {
    name: 'luau-as-text',
    transform: (code: string, id: string) =>
      TEXT_FILES.test(id) ? { code: `export default ${JSON.stringify(code)};`, map: null } : null,
  };
}
