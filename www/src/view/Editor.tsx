// An editor for the code of a step, loaded when it is first opened.

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { python } from '@codemirror/lang-python';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';

export interface EditorProps {
  code: string;
  language: string;
  onChange(code: string): void;
  onRun(): void;
  onClose(): void;
}

/** The colours of the style sheet, which reach into the shadow root as custom properties. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.typeName, tags.bool, tags.null], color: 'var(--word)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'var(--string)' },
  { tag: tags.number, color: 'var(--number)' },
  { tag: tags.comment, color: 'var(--comment)' },
  {
    tag: [tags.function(tags.variableName), tags.definition(tags.className), tags.meta],
    color: 'var(--name)',
  },
]);
const LOOK = EditorView.theme({
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { background: 'var(--sunken)', color: 'var(--text-soft)', borderRightColor: 'var(--line)' },
  '&.cm-editor.cm-focused': { outline: 'none' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'var(--selection)',
  },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--accent-soft)' },
});

/**
 * What is typed over a selection. The browser itself would keep the look of the first character in a `style` attribute, which a page
 * that allows no inline styles reports as an error.
 */
const TYPE_OVER = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== 'insertText' || event.data === null || view.state.selection.main.empty)
      return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

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
          syntaxHighlighting(COLOURS),
          LOOK,
          TYPE_OVER,
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
