// Reads what apt prints.

/** The names in the `Depends:` lines of `apt-cache depends`, alternatives and virtual packages' providers left out. */
export function readDependencies(text) {
  return [...text.matchAll(/^ {2}Depends: ([^<\s]+)$/gm)].map((match) => match[1]);
}

/** The upstream version of the first package in what `apt-cache show` prints, which is the one that would be installed. */
export function readVersion(text) {
  return /^Version: (?:\d+:)?(\d+(?:\.\d+)*)/m.exec(text)?.[1];
}
