const SAFE = { filtered: false, severity: 'safe' };

const OF_CONTENT = {
  hate: SAFE,
  self_harm: SAFE,
  sexual: SAFE,
  violence: SAFE,
};

/** The verdict of Azure's content filters on what is answered: nothing is ever filtered here. */
export const CONTENT_FILTER_RESULTS: object = OF_CONTENT;

/** Their verdict on the prompt. */
export const PROMPT_FILTER_RESULTS: readonly object[] = [
  {
    prompt_index: 0,
    content_filter_results: {
      ...OF_CONTENT,
      jailbreak: { filtered: false, detected: false },
    },
  },
];

/** The chunk that Azure sends before all others; it has no choices and not even an id. */
export const PROMPT_FILTER_EVENT = `data: ${JSON.stringify({
  choices: [],
  created: 0,
  id: '',
  model: '',
  object: '',
  prompt_filter_results: PROMPT_FILTER_RESULTS,
})}\n\n`;
