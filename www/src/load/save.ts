/** So many bytes are given to the browser together, which may keep them on disk. */
const PIECE_BYTES = 4 << 20;

/** Hands what comes in parts to the person as a file, none of it held here for long; nothing when the signal is aborted. */
export async function saveParts(
  name: string,
  source: AsyncIterable<Uint8Array[]>,
  signal: AbortSignal,
): Promise<void> {
  const pieces: Blob[] = [];
  let waiting: BlobPart[] = [];
  let bytes = 0;
  const hand = () => {
    pieces.push(new Blob(waiting));
    waiting = [];
    bytes = 0;
  };
  for await (const parts of source) {
    for (const part of parts) {
      waiting.push(part as Uint8Array<ArrayBuffer>);
      bytes += part.length;
    }
    if (bytes >= PIECE_BYTES) hand();
  }
  hand();
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
