// What each framework would have run for the step that is chosen.

import type { Comparison, Rollout } from 'fencerun';
import { Fragment } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { compareTurn } from '../../../js/src/compare.js';
import { cutPieces, listCalls } from '../model/pieces.js';
import { describeNothing } from '../model/profile.js';
import { Code } from './Code.js';
import { useApp } from './context.js';
import { useFocus } from './focus.js';
import { plural } from './format.js';

export function Compare({ rollout }: { rollout: Rollout }) {
  const app = useApp();
  const step = app.step.value;
  const text = rollout.steps[step]?.text ?? '';
  const element = useRef<HTMLElement>(null);
  useFocus(element);
  const answers = useMemo(() => compareTurn(text, listCalls(cutPieces(rollout, step))), [rollout, step]);
  const looks = answers.map(lookOf);
  return (
    <section class="compare" ref={element} tabIndex={-1} aria-label="what each framework would run">
      <h3>
        What each framework would run for step {step + 1}
        <span class="facts">{plural(answers.length, 'different answer')}</span>
      </h3>
      <table>
        <tbody>
          {answers.map((answer, index) => (
            <tr key={answer.profiles.join()}>
              <th scope="row">
                <Names of={answer} />
              </th>
              <td>
                <Answer answer={answer} isAlike={looks.filter((look) => look === looks[index]).length > 1} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The names of the profiles that agree; each chooses its profile. */
function Names({ of: { profiles } }: { of: Comparison }) {
  const app = useApp();
  const { profile } = app.settings.value;
  return (
    <>
      {profiles.map((name, index) => (
        <Fragment key={name}>
          <span class="name">
            <button
              type="button"
              class="link"
              aria-pressed={name === profile}
              title="show its reading in the text"
              onClick={() => app.set({ profile: name })}
            >
              {name}
            </button>
            {index < profiles.length - 1 && ','}
          </span>{' '}
        </Fragment>
      ))}
    </>
  );
}

/** What an answer looks like in the table. */
function lookOf({ extracted: { programs } }: Comparison): string {
  return programs.map(({ code }) => code.trim()).join('\n\n');
}

/** What cannot be seen of a program. */
function describeUnseen({ code, language }: { code: string; language: string | null }): string {
  const [before, after] = [/^\s*/, /\s*$/].map((edge) => edge.exec(code)?.[0] ?? '');
  const facts = [language ?? 'no language'];
  if (before) facts.push(`begins with ${JSON.stringify(before)}`);
  facts.push(after ? `ends with ${JSON.stringify(after)}` : 'ends without a line feed');
  return facts.join(' · ');
}

/** `isAlike`: another answer looks the same. */
function Answer({ answer: { extracted, reason }, isAlike }: { answer: Comparison; isAlike: boolean }) {
  const nothing = describeNothing(extracted, reason);
  if (nothing !== null) return <>{nothing}</>;
  return (
    <>
      {extracted.programs.map(({ code, language }, index) => (
        <Fragment key={index}>
          {isAlike && <p class="facts unseen-facts">{describeUnseen({ code, language })}</p>}
          <Code code={code} language={language ?? 'python'} />
        </Fragment>
      ))}
    </>
  );
}
