/** For vitest, what the build does too: a Luau file that is imported is its text. */
export function luauAsText() {
  return {
    name: 'luau-as-text',
    transform: (code: string, id: string) =>
      id.endsWith('.luau') ? { code: `export default ${JSON.stringify(code)};`, map: null } : null,
  };
}
