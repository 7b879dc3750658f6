import { generateText, isStepCount } from 'ai';
import { codeTool } from 'fencerun/ai';

/** @param {import('ai').LanguageModel} model */
export async function solve(model, prompt) {
  const { text } = await generateText({
    model,
    prompt,
    tools: { run_code: codeTool() },
    stopWhen: isStepCount(5),
  });
  return text;
}
