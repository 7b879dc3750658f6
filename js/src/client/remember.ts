/** How many answers are kept: programs differ in their texts, and seldom in their limits. */
const MOST = 64;

/** The answer for a key: the one that is kept, or else what `make` makes, which is kept from then on. */
export function remember<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (kept.size >= MOST) kept.clear();
  kept.set(key, made);
  return made;
}
