// An editor for the code of a step, loaded when it is first opened.

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { python } from '@codemirror/lang-python';
import {
  bracketMatching,
  defaultHighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';

export interface EditorProps {
  code: string;
  language: string;
  onChange(code: string): void;
  onRun(): void;
  onClose(): void;
}

/** Does it, and says that the key is used up. */
function handled(act: () => void): true {
  act();
  return true;
}

export default function Editor({ code, language, onChange, onRun, onClose }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const calls = useRef({ onChange, onRun, onClose });
  calls.current = { onChange, onRun, onClose };
  useEffect(() => {
    if (!host.current) return;
    // In a shadow root the editor's styles are adopted style sheets, which a page that allows no inline styles may have.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: code,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          syntaxHighlighting(defaultHighlightStyle),
          /^(?:js|node|javascript|typescript|ts)/.test(language) ? javascript() : python(),
          EditorView.contentAttributes.of({ 'aria-label': 'code to run' }),
          EditorView.lineWrapping,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) calls.current.onChange(update.state.doc.toString());
          }),
          keymap.of([
            { key: 'Mod-Enter', run: () => handled(calls.current.onRun) },
            { key: 'Escape', run: () => handled(calls.current.onClose) },
            ...defaultKeymap,
            ...historyKeymap,
            indentWithTab,
          ]),
        ],
      }),
    });
    view.focus();
    return () => view.destroy();
  }, [language]);
  return <div class="editor" ref={host} />;
}
