// Reads what `encodeInline` writes, as its description says.

/** The bytes of a text: a character by the first row of the table, by the second behind a space, by the third behind `!`. */
export function readInline(text, table) {
  const meanings = Buffer.from(table, 'base64');
  const rows = { ' ': 1, '!': 2 };
  const places = text.match(/[ !]?[#-~]/g) ?? [];
  const bytes = places.map((place) => {
    return meanings[(rows[place[0]] ?? 0) * 128 + place.charCodeAt(place.length - 1)];
  });
  return Buffer.from(bytes);
}
