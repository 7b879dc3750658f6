/**
 * Hands what comes in parts to the person as a file; nothing when the signal is aborted. What comes together goes to the browser, which
 * may keep it on disk: no more is asked for before it has it, so that no more than that is held here.
 */
export async function saveParts(
  name: string,
  source: AsyncIterable<Uint8Array[]>,
  signal: AbortSignal,
): Promise<void> {
  const pieces: Blob[] = [];
  for await (const parts of source) {
    const piece = new Blob(parts as Uint8Array<ArrayBuffer>[]);
    // Its last byte can be read once all of it has been handed over.
    await piece.slice(-1).arrayBuffer();
    pieces.push(piece);
  }
  if (!signal.aborted) saveBlob(name, new Blob(pieces, { type: 'application/octet-stream' }));
}

/** Hands a text to the person as a file. */
export function saveFile(name: string, text: string) {
  saveBlob(name, new Blob([text], { type: 'application/octet-stream' }));
}

function saveBlob(name: string, blob: Blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has the blob by then.
  setTimeout(() => URL.revokeObjectURL(url));
}
