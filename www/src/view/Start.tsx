// What stands here before a file is open.

import type { TargetedEvent } from 'preact';
import { useRef } from 'preact/hooks';
import { fromFiles, fromFolder, fromText, fromUrl } from '../load/sources.js';
import { useApp } from './context.js';

/** Answers the files that were chosen, and lets the same ones be chosen again. */
function takeFiles({ currentTarget }: TargetedEvent<HTMLInputElement>): File[] {
  const files = [...(currentTarget.files ?? [])];
  currentTarget.value = '';
  return files;
}

/** `isFirst`: there is nothing else to do yet. */
export function OpenButtons({ isFirst = false }: { isFirst?: boolean }) {
  const app = useApp();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={isFirst ? 'primary' : undefined}
        title="open files (o)"
        name="open-files"
        onClick={() => files.current?.click()}
      >
        open files
      </button>
      <button type="button" onClick={() => folder.current?.click()}>
        open a folder
      </button>
      <input
        ref={files}
        hidden
        type="file"
        multiple
        aria-label="files to open"
        onChange={(event) => app.open(fromFiles(takeFiles(event)))}
      />
      <input
        ref={folder}
        hidden
        type="file"
        aria-label="folder to open"
        {...{ webkitdirectory: true }}
        onChange={(event) => app.open(fromFolder(takeFiles(event)))}
      />
    </>
  );
}

export function Start() {
  const app = useApp();
  const server = app.server.value;
  return (
    <main class="start">
      <h1>Read, run and compare rollouts</h1>
      <p>
        Open rollout dumps of verl, conversations as OpenAI has them, logs of ToRA, STS or ATIF, or a plain
        text.{' '}
        {server
          ? `Files are read here; code runs at ${server.name}.`
          : 'Nothing leaves this page: files are read here, and code runs in a sandbox of the page.'}
      </p>
      <p class="actions">
        <OpenButtons isFirst />
        <button
          type="button"
          onClick={() =>
            app.open([...fromUrl('samples/fences.jsonl'), ...fromUrl('samples/tool-calls.jsonl')])
          }
        >
          try the samples
        </button>
      </p>
      {app.textLink !== null && (
        <p>
          Or run the code of{' '}
          <a href={app.textLink} target="_blank" rel="noopener" title="T">
            one text of a model
          </a>
          .
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const field = event.currentTarget.elements.namedItem('pasted') as HTMLTextAreaElement;
          if (field.value.trim() !== '') app.open(fromText(field.value));
        }}
      >
        <label>
          or drop files anywhere, or paste lines here
          <textarea name="pasted" rows={6} spellcheck={false} />
        </label>
        <button type="submit">open the text</button>
      </form>
    </main>
  );
}
