// Files, folders, pasted text and addresses in, sources out.

import type { SourceSpec } from '../work/protocol.js';

const ROLLOUT_FILE = /\.(?:jsonl|ndjson|json|txt|md)$/i;

export function fromFiles(files: Iterable<File>): SourceSpec[] {
  return [...files]
    .map((file): SourceSpec & { kind: 'blob' } => {
      return { kind: 'blob', name: file.webkitRelativePath || file.name, blob: file };
    })
    .sort((left, right) => compareNames(left.name, right.name));
}

/** The files of a folder that may hold rollouts; all of them when it has nothing else. */
export function fromFolder(files: Iterable<File>): SourceSpec[] {
  const all = [...files];
  const likely = all.filter(({ name }) => ROLLOUT_FILE.test(name));
  return fromFiles(likely.length > 0 ? likely : all);
}

export function fromText(text: string, name = 'pasted text'): SourceSpec[] {
  return [{ kind: 'blob', name, blob: new Blob([text]) }];
}

export function fromUrl(url: string): SourceSpec[] {
  const { href, pathname } = new URL(url, document.baseURI);
  const name = decodeURIComponent(pathname.split('/').pop() || href);
  return [{ kind: 'url', name, url: href, isLive: false }];
}

/** The files in what was dropped, those in folders too. */
export async function fromDrop(transfer: DataTransfer): Promise<SourceSpec[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (entries.length === 0) return fromFiles(transfer.files);
  const files = (await Promise.all(entries.map(listFiles))).flat();
  return entries.some((entry) => entry.isDirectory) ? fromFolder(files) : fromFiles(files);
}

async function listFiles(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  for (;;) {
    // A reader gives about a hundred entries at a time and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return files;
    for (const one of some) files.push(...(await listFiles(one)));
  }
}

/** `9.jsonl` before `10.jsonl`, as trainers number their files. */
export function compareNames(left: string, right: string) {
  return left.localeCompare(right, 'en', { numeric: true });
}
