// What each framework would have run for the step that is chosen.

import { type Comparison, compareProfiles, type Rollout } from 'fencerun';
import { useMemo } from 'preact/hooks';
import { Code } from './Code.js';
import { useApp } from './context.js';
import { plural } from './format.js';

export function Compare({ rollout }: { rollout: Rollout }) {
  const app = useApp();
  const step = app.step.value;
  const text = rollout.steps[step]?.text ?? '';
  const answers = useMemo(() => compareProfiles(text), [text]);
  return (
    <section class="compare" aria-label="what each framework would run">
      <h3>
        What each framework would run for step {step + 1}
        <span class="facts">{plural(answers.length, 'different answer')}</span>
      </h3>
      <table>
        <tbody>
          {answers.map((answer) => (
            <tr key={answer.profiles.join()}>
              <th scope="row">{answer.profiles.join(', ')}</th>
              <td>
                <Answer answer={answer} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Answer({ answer: { extracted } }: { answer: Comparison }) {
  const { programs, reply, raised } = extracted;
  if (programs.length > 0) {
    return (
      <>
        {programs.map(({ code, language }, index) => (
          <Code key={index} code={code} language={language ?? 'python'} />
        ))}
      </>
    );
  }
  if (raised) return <>raises {raised.type}</>;
  return <>nothing{reply?.trim() ? `: ${reply.trim()}` : ''}</>;
}
