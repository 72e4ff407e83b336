/** `{a}` and `{b}` stand for words taken from the prompt. */
export const OPENINGS: readonly string[] = [
  'You asked: "{quote}".',
  'On your question, "{quote}", here is a short answer.',
  'Let us look at "{quote}" step by step.',
  'Taking "{quote}" as the starting point, a few things stand out.',
];

/** Used when there is nothing to quote, or when a quote would make an exact length impossible. */
export const PLAIN_OPENINGS: readonly string[] = [
  'Here is a short answer.',
  'Let us take this step by step.',
  'A few things stand out at once.',
  'There is a simple way to begin.',
];

/** Used when the prompt holds no telling words. */
export const PLAIN_TOPICS: readonly string[] = [
  'the question',
  'the context',
  'the goal',
];

export const BODY: readonly string[] = [
  'The first thing to settle is what {a} is meant to achieve, and for whom.',
  'In practice, {a} and {b} are closely linked, so it pays to look at them together.',
  'A good start is to write down what you already know about {a}.',
  'Most of the difficulty lies in the details of {b}, not in the general idea.',
  'If time is short, begin with {a} and leave the rest for later.',
  'It helps to compare two or three options before you decide on {b}.',
  'One common mistake is to treat {a} as a single problem when it is really several.',
  'A small experiment will tell you more about {b} than a long discussion.',
  'Keep a record of each step, so that others can follow how you arrived at {a}.',
  'There are cases where {b} matters less than it seems at first.',
  'Once {a} is clear, the remaining choices become much easier.',
  'Ask the people who deal with {b} every day; they usually know where it hurts.',
  'A reasonable rule is to change one thing at a time and to measure the effect on {a}.',
  'What works for {b} in one team may need adjusting in another.',
  'You can expect the effort for {a} to grow with the number of special cases.',
  'The simplest version of {b} is often good enough for the first month.',
  'Before you go further, check that {a} has an owner who can make decisions.',
  'It is worth naming the assumptions behind {b} out loud.',
  'When two goals conflict, let the one closer to {a} win.',
  'The cost of {b} is easy to underestimate, so plan some room for surprises.',
  'A short checklist for {a} prevents most of the avoidable errors.',
  'If the result looks too good, look again at how {b} was measured.',
  'Later on, you can automate the parts of {a} that never change.',
  'Good examples of {b} are worth more than good definitions.',
  'Think about how you would explain {a} to a new colleague.',
  'The order matters here: understand {b} first, then improve it.',
  'Should {a} fail, make sure that the failure is visible at once.',
  'Small and regular reviews keep {b} from drifting away from its purpose.',
  'Two people who know {a} well will still disagree about {b}.',
  'Whatever you decide about {a} should be revisited when the facts change.',
  'Be clear about {a}, be patient with {b}, and keep the first step small.',
  'A page of notes on {b} is usually enough to decide how to go on.',
];
