// Reads what apt prints.

/** The names in the `Depends:` lines of `apt-cache depends`, alternatives and virtual packages' providers left out. */
export function readDependencies(text) {
  return [...text.matchAll(/^ {2}Depends: ([^<\s]+)$/gm)].map((match) => match[1]);
}
