// @ts-check
import { subjects } from '../subjects/index.mjs';
import { Refusal, dim, say } from '../../scripts/lib/terminal.mjs';
import { Unavailable } from './unavailable.mjs';

/**
 * Starts those that are asked for; all when none is named. They run side by side, and all but the one that is measured are idle.
 *
 * @param {readonly string[]} only
 * @param {import('../subjects/subject.mjs').Bench} bench
 */
export const startSubjects = async (only, bench) => {
  const unknown = only.find(name => !subjects.some(s => s.name === name));
  if (unknown) throw new Refusal(`There is no subject ${unknown}.`);
  const running = [];
  const unavailable = [];
  for (const { name, title, start } of subjects) {
    if (only.length > 0 && !only.includes(name)) continue;
    bench.signal.throwIfAborted();
    try {
      const started = await start(bench);
      running.push({ name, title, running: started });
      say(dim(`${title} ${started.version ?? ''} is ready`));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      const { command, said } = error;
      unavailable.push({ name, title, command, said });
      say(dim(`${title} cannot be had here`));
    }
  }
  return { running, unavailable };
};
