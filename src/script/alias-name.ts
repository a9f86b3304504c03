/** True for what Luau takes as the name of an alias, without the `@` that a path begins with. */
export function isAliasName(name: string): boolean {
  return /^@?[A-Za-z0-9._-]*$/.test(name) && !['', '.', '..'].includes(name);
}

/** Letters of ASCII alone are compared without case, as Luau does. */
export function foldAliasName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
